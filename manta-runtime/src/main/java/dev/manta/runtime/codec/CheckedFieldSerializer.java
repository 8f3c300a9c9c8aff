package dev.manta.runtime.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.FieldSerializer;
import java.lang.reflect.InaccessibleObjectException;

/** Copies the fields of an object, transient ones excepted; refuses live actors. */
final class CheckedFieldSerializer extends FieldSerializer<Object> {
  private final Machine machine;

  /** A serializer of a class whose fields may be read: see {@link #checkAccess}. */
  CheckedFieldSerializer(Machine machine, Class<?> type) {
    super(machine, type, config());
    this.machine = machine;
  }

  private static FieldSerializerConfig config() {
    FieldSerializerConfig config = new FieldSerializerConfig();
    config.setFieldsCanBeNull(true);
    config.setIgnoreSyntheticFields(false); // what anonymous classes and Kotlin lambdas capture
    config.setSerializeTransient(false);
    config.setCopyTransient(false);
    config.setFixedFieldTypes(false);
    return config;
  }

  /** Kryo leaves out fields that it may not read, or fails without a cure: that must be an error. */
  static void checkAccess(Class<?> type) {
    for (Class<?> c = type; c != null && !Serializers.isOfJdk(c); c = c.getSuperclass()) {
      try {
        for (var field : c.getDeclaredFields()) {
          field.setAccessible(true);
        }
      } catch (InaccessibleObjectException e) {
        throw new Machine.Refused(
            "the fields of "
                + c.getName()
                + " may not be read. Add this line to the module-info.java of "
                + c.getModule().getName()
                + ":  opens "
                + c.getPackageName()
                + ";");
      }
    }
  }

  @Override
  public void write(Kryo kryo, Output output, Object object) {
    String refusal = machine.boundary().refusal(object);
    if (refusal != null) {
      throw new Machine.Refused(refusal);
    }
    super.write(kryo, output, object);
  }
}
