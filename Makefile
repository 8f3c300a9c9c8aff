# Short names for the everyday commands; everything works without make too.
.PHONY: verify test format demo bench clean

verify: ## the format, every test: what CI runs
	mvn -ntp verify

test: ## the unit tests of the library's own modules, in seconds
	mvn -ntp -q -pl manta-api,manta-engine,manta-runtime test

format: ## mends the format of all Java sources
	mvn -ntp -q spotless:apply

demo: ## the load balancer and the offload
	mvn -ntp -Pdemo

bench: ## the quick set of benchmarks
	mvn -ntp -Pbench

clean:
	mvn -ntp -q clean
