/*
 * What fault tests begin with.
 */
#ifndef PARTS_H
#define PARTS_H

/**
 * Parts of the sample, in the current folder: `part1.jsonl`, its busiest day and the five papers before it (14 papers), `part2.jsonl` and
 * `part3.jsonl`, five and five more, and `ids.txt`, the ids of the first. Ends the test where that cannot be done.
 */
void cut_sample(const char *path);

/** Make a folder, unless it is there. Ends the test where that cannot be done. */
void make_folder(const char *path);

#endif
