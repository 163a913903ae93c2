/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* JSON objects, member by member. What is not known (NULL, or no time) is left out. */
#ifndef PRIVTMP_AUDIT_MEMBER_H
#define PRIVTMP_AUDIT_MEMBER_H

#include <stdbool.h>
#include <stdio.h>
#include <time.h>

struct members {
	FILE *out;
	bool some;
};

/* Opens an object, and closes it. */
struct members members_begin(FILE *out);
void members_end(struct members *m);

/* Before a value that the caller writes. */
void member_name(struct members *m, const char *name);

/* Opens an object that is the value of NAME. */
struct members member_object(struct members *m, const char *name);

void member_text(struct members *m, const char *name, const char *text);
void member_number(struct members *m, const char *name, unsigned long long number);
void member_bool(struct members *m, const char *name, bool value);

/* In UTC, as RFC 3339 has it, to the microsecond. */
void member_time(struct members *m, const char *name, struct timespec time);

/* An array of the words in a list with blanks between. */
void member_words(struct members *m, const char *name, const char *list);

#endif
