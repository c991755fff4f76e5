/** Something in the cloud that the compiled network cannot show faithfully, and what that means for answers. */
export interface Diagnostic {
  /** The resource or object it is about, in the words a reader knows it by. */
  readonly about: string;
  readonly message: string;
}

/** Collects diagnostics while a cloud is compiled. */
export type Report = (about: string, message: string) => void;
