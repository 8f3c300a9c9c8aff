package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.SerializerFactory;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import dev.manta.ActorRef;
import dev.manta.Manta;
import dev.manta.ObjectRef;
import dev.manta.engine.Singletons;
import java.io.Externalizable;
import java.io.Serializable;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.channels.Channel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.LinkedList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.StampedLock;
import java.util.function.Function;
import java.util.stream.BaseStream;

/** Chooses how objects of a class are copied, or that they are not. */
final class Serializers {
  /** What is bound to its place: a thread, a device, a moment. */
  private static final List<Class<?>> BOUND =
      List.of(
          Thread.class,
          ThreadLocal.class,
          ClassLoader.class,
          Reference.class,
          Lock.class,
          Condition.class,
          StampedLock.class,
          ReadWriteLock.class,
          Semaphore.class,
          Executor.class,
          Future.class,
          CompletionStage.class,
          java.io.InputStream.class,
          java.io.OutputStream.class,
          java.io.Reader.class,
          java.io.Writer.class,
          Channel.class,
          java.net.Socket.class,
          java.net.ServerSocket.class,
          BaseStream.class,
          Process.class,
          java.lang.ref.Cleaner.class);

  /** The JDK's collections that are their elements and nothing else. */
  private static final Set<Class<?>> PLAIN_COLLECTIONS =
      Set.of(
          ArrayList.class,
          LinkedList.class,
          ArrayDeque.class,
          HashSet.class,
          LinkedHashSet.class,
          HashMap.class,
          ConcurrentHashMap.class,
          ConcurrentLinkedQueue.class,
          ConcurrentLinkedDeque.class,
          CopyOnWriteArrayList.class);

  private Serializers() {}

  @SuppressWarnings("ReferenceEquality") // the loader itself
  static boolean isOfJdk(Class<?> type) {
    ClassLoader loader = type.getClassLoader();
    return loader == null || loader == ClassLoader.getPlatformClassLoader();
  }

  static Serializer<?> choose(
      Machine machine, Class<?> type, Function<Class<?>, Serializer<?>> byKryo) {
    if (ObjectRef.class.isAssignableFrom(type)
        || ActorRef.class.isAssignableFrom(type)
        || Manta.class.isAssignableFrom(type)) {
      return new HandleSerializer();
    }
    for (Class<?> bound : BOUND) {
      if (bound.isAssignableFrom(type)) {
        return new RefusingSerializer(bound(type));
      }
    }
    if (type.isArray()) {
      return type.componentType().isPrimitive()
          ? new PrimitiveArraySerializer(byKryo.apply(type))
          : new CountedSerializer(byKryo.apply(type));
    }
    if (Enum.class.isAssignableFrom(type)
        || java.util.EnumSet.class.isAssignableFrom(type)) {
      return new NumbersSerializer(byKryo.apply(type));
    }
    if (Throwable.class.isAssignableFrom(type)) {
      return new JdkSerializer();
    }
    return isOfJdk(type) ? ofJdk(type, byKryo) : ofUser(machine, type, byKryo);
  }

  private static Serializer<?> ofJdk(Class<?> type, Function<Class<?>, Serializer<?>> byKryo) {
    if (type == LinkedHashMap.class) {
      return new CountedSerializer(new LinkedHashMapSerializer());
    }
    if (PLAIN_COLLECTIONS.contains(type)) {
      return new CountedSerializer(byKryo.apply(type));
    }
    if (type == UnmodifiableListSerializer.TYPE) {
      return new CountedSerializer(new UnmodifiableListSerializer());
    }
    if (type == java.util.Locale.class || type.getName().equals("java.sql.Timestamp")) {
      return new JdkSerializer(); // Kryo's forget script and extensions, and nanoseconds
    }
    Serializer<?> known = byKryo.apply(type);
    boolean generic =
        known instanceof UnknownSerializer
            || known.getClass() == CollectionSerializer.class
            || known.getClass() == MapSerializer.class;
    if (!generic) {
      return isCounted(type) ? new CountedSerializer(known) : known;
    }
    if (Serializable.class.isAssignableFrom(type) && !Iterator.class.isAssignableFrom(type)) {
      return new JdkSerializer();
    }
    if (Map.Entry.class.isAssignableFrom(type)) {
      return new EntrySerializer();
    }
    if (java.nio.ByteBuffer.class.isAssignableFrom(type)) {
      return new ByteBufferSerializer();
    }
    if (java.nio.file.Path.class.isAssignableFrom(type)) {
      return new PathSerializer();
    }
    if (Collection.class.isAssignableFrom(type)) {
      return new CountedSerializer(new ViewSerializer(Set.class.isAssignableFrom(type)));
    }
    if (MemorySegment.class.isAssignableFrom(type)) {
      return new MemorySegmentSerializer();
    }
    return new RefusingSerializer(
        type.getName() + " is not Serializable: capture or return the data that it stands for");
  }

  /** Whether it is written as a number and so many elements. */
  private static boolean isCounted(Class<?> type) {
    return Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type);
  }

  /** Gives Kryo no serializer of its own for what it does not know. */
  @SuppressWarnings("rawtypes")
  static final class Unknown implements SerializerFactory<UnknownSerializer> {
    @Override
    public UnknownSerializer newSerializer(Kryo kryo, Class type) {
      return new UnknownSerializer();
    }

    @Override
    public boolean isSupported(Class type) {
      return true;
    }
  }

  /** Marks a class that Kryo does not know. */
  static final class UnknownSerializer extends Serializer<Object> {
    @Override
    public void write(Kryo kryo, Output output, Object object) {
      throw new Machine.Refused(bound(object.getClass()));
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
      throw new Machine.Refused(bound(type));
    }
  }

  /** Copies a view of a JDK collection, such as a sublist or a key set, as what it shows. */
  private static final class ViewSerializer extends CollectionSerializer<Collection<?>> {
    private final boolean isSet;

    ViewSerializer(boolean isSet) {
      this.isSet = isSet;
    }

    @Override
    protected Collection<?> create(
        Kryo kryo, Input input, Class<? extends Collection<?>> type, int size) {
      return isSet ? new LinkedHashSet<>() : new ArrayList<>(size);
    }
  }

  /** What Kryo writes with numbers that are neither lengths nor of classes or objects. */
  private static final class NumbersSerializer extends Serializer<Object> {
    private final Serializer<Object> byKryo;

    @SuppressWarnings("unchecked")
    NumbersSerializer(Serializer<?> byKryo) {
      super(byKryo.getAcceptsNull(), byKryo.isImmutable());
      this.byKryo = (Serializer<Object>) byKryo;
    }

    @Override
    public void write(Kryo kryo, Output output, Object object) {
      byKryo.write(kryo, output, object);
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
      CheckedInput in = (CheckedInput) input;
      in.setUnchecked(true);
      try {
        return byKryo.read(kryo, input, type);
      } finally {
        in.setUnchecked(false);
      }
    }
  }

  private static Serializer<?> ofUser(
      Machine machine, Class<?> type, Function<Class<?>, Serializer<?>> byKryo) {
    if (type.isHidden() || type.isSynthetic()) {
      return Serializable.class.isAssignableFrom(type)
          ? new JdkSerializer()
          : new RefusingSerializer(
              "it is a lambda of type "
                  + functionType(type)
                  + ", which is not Serializable: let its interface extend Serializable, or cast it"
                  + " to (… & Serializable)");
    }
    CheckedFieldSerializer.checkAccess(type);
    Field singleton = Singletons.instance(type);
    if (singleton != null) {
      return new SingletonSerializer(singleton);
    }
    if (type.isRecord()) {
      return new RecordCheck(byKryo.apply(type));
    }
    if (Serializable.class.isAssignableFrom(type)
        && (hasOwnSerialization(type) || extendsJdk(type))) {
      return new JdkSerializer();
    }
    if (Collection.class.isAssignableFrom(type) || Map.class.isAssignableFrom(type)) {
      return extendsJdk(type)
          ? new RefusingSerializer(
              "the collection class "
                  + type.getName()
                  + " is not Serializable: let it implement Serializable, or pass a List or Map of"
                  + " the JDK")
          : new CheckedFieldSerializer(machine, type);
    }
    return new CheckedFieldSerializer(machine, type);
  }

  private static String functionType(Class<?> type) {
    Class<?>[] interfaces = type.getInterfaces();
    return interfaces.length == 0 ? type.getName() : interfaces[0].getName();
  }

  private static String bound(Class<?> type) {
    return type.getName()
        + " is bound to its thread, process or place: capture or return the data that it stands"
        + " for, or make it where it is used";
  }

  /** Whether a superclass is the JDK's and may have state that only it can write. */
  private static boolean extendsJdk(Class<?> type) {
    Class<?> c = type.getSuperclass();
    while (c != null && !isOfJdk(c)) {
      c = c.getSuperclass();
    }
    return c != null && c != Object.class && c != Number.class;
  }

  private static boolean hasOwnSerialization(Class<?> type) {
    if (Externalizable.class.isAssignableFrom(type)) {
      return true;
    }
    for (Class<?> c = type; c != null && !isOfJdk(c); c = c.getSuperclass()) {
      for (Method m : c.getDeclaredMethods()) {
        switch (m.getName()) {
          case "writeObject", "readObject" -> {
            if (Modifier.isPrivate(m.getModifiers()) && m.getParameterCount() == 1) {
              return true;
            }
          }
          case "writeReplace", "readResolve" -> {
            if (m.getParameterCount() == 0) {
              return true;
            }
          }
          default -> {}
        }
      }
    }
    return false;
  }
}
