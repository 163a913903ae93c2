/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Between fixture.c, which makes the tree, and tree.c, which compares it. */
#ifndef DIFF_FIXTURE_H
#define DIFF_FIXTURE_H

#include <stdbool.h>

#define ROOTS 4
extern const char *const roots[ROOTS];

bool fixture_remake(const char *path);
void fixture_reopen(void);

#endif
