/** What a review can draw from: every question of the course with what the choice needs to know of it. */
export interface CatalogueQuestion {
  /** As its progress is kept: `network-plugins/kubenet/addresses#first-address`. */
  readonly id: string;
  /** Plugins and ways out that the question is about. */
  readonly topics: readonly string[];
  readonly kind: string;
  /** About how long it takes to read and answer. */
  readonly seconds: number;
  /** With how many sets of numbers it can be asked, the lesson's included. */
  readonly rows: number;
}

export interface CatalogueLesson {
  /** The slug of the page. */
  readonly id: string;
  readonly title: string;
  /** The slug of the module: the first part of the lesson's. */
  readonly module: string;
  readonly questions: readonly CatalogueQuestion[];
}

export interface Catalogue {
  readonly modules: readonly { readonly id: string; readonly title: string }[];
  readonly lessons: readonly CatalogueLesson[];
}
