/**
 * What your course looks like and what is in it. Everything may be left out; the guide for trainers on the
 * site (/guides/trainers/) has the list. Rebuild after a change: npm start.
 */
import { defineCourse } from './src/course-config/define-course.ts';

export default defineCourse({
  title: 'AKS networking workbook',
});
