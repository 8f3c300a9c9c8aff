package dev.manta.examples.offload;

import java.awt.geom.AffineTransform;
import java.awt.image.AffineTransformOp;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import javax.imageio.ImageIO;

/** JPEG files in memory. Needs no display. */
final class Photo {
  static {
    System.setProperty("java.awt.headless", "true");
    ImageIO.setUseCache(false);
  }

  private Photo() {}

  /** A photo of {@code width} pixels by three quarters of that. */
  static byte[] take(int width) throws IOException {
    int height = width * 3 / 4;
    BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        int rings = (x * x + y * y) / 97 & 255;
        image.setRGB(x, y, x * 255 / width << 16 | y * 255 / height << 8 | rings);
      }
    }
    return jpeg(image);
  }

  /** The same photo, {@code width} pixels wide. Pure computation: tens of milliseconds. */
  static byte[] scale(byte[] photo, int width) throws IOException {
    BufferedImage image = ImageIO.read(new ByteArrayInputStream(photo));
    int height = width * image.getHeight() / image.getWidth();
    BufferedImage scaled = new BufferedImage(width, height, image.getType());
    double factor = (double) width / image.getWidth();
    new AffineTransformOp(
        AffineTransform.getScaleInstance(factor, factor), AffineTransformOp.TYPE_BICUBIC)
        .filter(image, scaled);
    return jpeg(scaled);
  }

  private static byte[] jpeg(BufferedImage image) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    if (!ImageIO.write(image, "jpg", bytes)) {
      throw new IOException("this JDK writes no JPEG");
    }
    return bytes.toByteArray();
  }
}
