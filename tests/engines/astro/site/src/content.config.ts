import { defineCollection, z } from 'astro:content';
import { glob } from 'astro/loaders';

const schema = z.object({ title: z.string(), pubDate: z.coerce.date() });
const markdown = (base) => glob({ base, pattern: '**/[^_]*.md' });
export const collections = {
  blog: defineCollection({ loader: markdown('./src/content/blog'), schema }),
  teams: defineCollection({ loader: markdown('./src/content/teams') }),
};
