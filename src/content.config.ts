import { defineCollection } from 'astro:content';
import { docsSchema } from '@astrojs/starlight/schema';
import { glob } from 'astro/loaders';
import { z } from 'astro/zod';
import { course, moduleFolders } from './course-config/course.ts';
import { isOff } from './course-config/modules.ts';
import { slugOf } from './ui/course/reading-order.ts';

/** What a lesson's front matter may say beside Starlight's own fields. */
const lesson = z.object({
  /** Reading and doing, without the lab; whole minutes. */
  minutes: z.number().int().positive().optional(),
  /** "What you will be able to do", each a sentence that starts with a verb. */
  outcomes: z.array(z.string()).default([]),
  /** Name of the `content/scenarios/*.sh` file that `Transcript`, `PacketPath` and `Address` of this lesson use. */
  scenario: z.string().optional(),
  /** Folder of the lab that belongs to this lesson. */
  lab: z.string().optional(),
});

const modulesOff = moduleFolders('content')
  .filter((folder) => isOff(course.modules.off, folder))
  .map((folder) => `!${folder}/**`);

export const collections = {
  docs: defineCollection({
    loader: glob({
      base: './content',
      pattern: ['**/*.{md,mdx}', '!**/README.md', '!**/_*', '!**/_*/**', ...modulesOff],
      generateId: ({ entry }) => slugOf(entry) || 'index',
    }),
    schema: docsSchema({ extend: lesson }),
  }),
};
