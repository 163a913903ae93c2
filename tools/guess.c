/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What a mistyped word may have been meant to be; see options.h. */
#include "options.h"

#include <string.h>

enum { LONGEST = 32 };

static int least(int a, int b, int c)
{
	const int ab = a < b ? a : b;

	return ab < c ? ab : c;
}

/*
 * How many letters have to be put in, left out, exchanged, or swapped with the next one, to
 * come from one word to the other.
 */
static int distance(const char *one, const char *other)
{
	const size_t n = strlen(one), m = strlen(other);
	int row[3][LONGEST + 1];

	if (n > LONGEST || m > LONGEST)
		return LONGEST;
	for (size_t k = 0; k <= m; k++)
		row[1][k] = (int)k;
	for (size_t i = 1; i <= n; i++) {
		row[2][0] = (int)i;
		for (size_t k = 1; k <= m; k++) {
			const bool same = one[i - 1] == other[k - 1];

			row[2][k] = least(row[1][k] + 1, row[2][k - 1] + 1,
					  row[1][k - 1] + !same);
			if (i > 1 && k > 1 && one[i - 1] == other[k - 2] &&
			    one[i - 2] == other[k - 1] && row[0][k - 2] < row[2][k])
				row[2][k] = row[0][k - 2] + 1;
		}
		memcpy(row[0], row[1], sizeof row[0]);
		memcpy(row[1], row[2], sizeof row[1]);
	}
	return row[1][m];
}

const char *options_guess(const char *given,
			  const char *(*word)(const void *arg, size_t i), const void *arg,
			  size_t n)
{
	/* Half of it has to be right. */
	int best = (int)strlen(given) / 2 + 1;
	const char *guess = NULL;

	if (best > 3)
		best = 3;
	for (size_t i = 0; i < n; i++) {
		const char *candidate = word(arg, i);
		int d = candidate ? distance(given, candidate) : best;

		if (d < best) {
			best = d;
			guess = candidate;
		}
	}
	return guess;
}
