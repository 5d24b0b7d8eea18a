/** Three bytes a pixel (red, green, blue), row by row from the top. */
export interface RgbImage {
  readonly width: number;
  readonly height: number;
  readonly rgb: Uint8Array;
}
