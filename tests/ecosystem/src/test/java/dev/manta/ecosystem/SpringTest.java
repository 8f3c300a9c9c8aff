package dev.manta.ecosystem;

import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.asyncDispatch;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.request;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.TaskFailedException;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpStatus;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.MvcResult;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** Refs as the return values of a Spring controller: the request goes on when the call has ended. */
class SpringTest {
  @AutoClose
  private final Manta manta = Manta.start();

  private final ActorRef<Greeter> greeter = manta.actor(Greeter::new);
  private final MockMvc web = MockMvcBuilders.standaloneSetup(new Controller(greeter)).build();

  /** What a user writes. */
  @RestController
  static final class Controller {
    private final ActorRef<Greeter> greeter;

    Controller(ActorRef<Greeter> greeter) {
      this.greeter = greeter;
    }

    @GetMapping("/greet/{name}")
    ObjectRef<String> greet(@PathVariable("name") String name) {
      return greeter.call(g -> g.greet(name));
    }

    @GetMapping("/held")
    CompletionStage<String> held() {
      return greeter.call(Greeter::hold).thenApply(String::toUpperCase);
    }

    @GetMapping("/refused")
    ObjectRef<String> refused() {
      return greeter.call(g -> g.refuse("closed"));
    }

    @ExceptionHandler
    @ResponseStatus(HttpStatus.BAD_GATEWAY)
    String failed(TaskFailedException e) {
      return e.getCause().getMessage();
    }
  }

  /** CONTRACT 1: the ref's value is the body. */
  @Test
  void ref_isTheBody() throws Exception {
    MvcResult started =
        web.perform(get("/greet/Ada")).andExpect(request().asyncStarted()).andReturn();

    assertThat(started.getAsyncResult(20_000)).isEqualTo("hello Ada");

    web.perform(asyncDispatch(started))
        .andExpect(status().isOk())
        .andExpect(content().string("hello Ada"));
  }

  /** The request's thread is free while the call is suspended. */
  @Test
  void derivedStage_isTheBodyWhenTheCallHasEnded() throws Exception {
    MvcResult started = web.perform(get("/held")).andExpect(request().asyncStarted()).andReturn();

    greeter.run(g -> g.letGo("go"));

    assertThat(started.getAsyncResult(20_000)).isEqualTo("GO");
    web.perform(asyncDispatch(started)).andExpect(content().string("GO"));
  }

  /** CONTRACT 15: an exception handler for Manta's error sees what the code threw. */
  @Test
  void failedRef_reachesTheExceptionHandler() throws Exception {
    MvcResult started =
        web.perform(get("/refused")).andExpect(request().asyncStarted()).andReturn();

    assertThat(started.getAsyncResult(20_000)).isInstanceOf(TaskFailedException.class);

    web.perform(asyncDispatch(started))
        .andExpect(status().isBadGateway())
        .andExpect(content().string("closed"));
  }
}
