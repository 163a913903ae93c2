/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Owners; see owner.h. */
#define _GNU_SOURCE
#include "core/owner.h"
#include "core/sys.h"

#include <fcntl.h>
#include <string.h>

/*
 * Whether USER is in this namespace's map; -1: that cannot be read. A line has the first id
 * inside, the first outside, and the count.
 */
static int has_user(unsigned long user)
{
	const int fd =
		sys_openat(AT_FDCWD, "/proc/self/uid_map", O_RDONLY | O_CLOEXEC, 0);
	unsigned long number[3] = { 0 };
	unsigned in = 0;
	bool digit = false;
	int found = false;
	char text[256];
	ssize_t n;

	if (fd < 0)
		return -1;
	while ((n = sys_read(fd, text, sizeof text)) > 0)
		for (ssize_t i = 0; i < n; i++) {
			const bool was = digit;

			digit = text[i] >= '0' && text[i] <= '9';
			if (digit && in < 3)
				number[in] =
					number[in] * 10 + (unsigned long)(text[i] - '0');
			in += was && !digit;
			if (text[i] != '\n')
				continue;
			found |= user >= number[0] && user - number[0] < number[2];
			memset(number, 0, sizeof number);
			in = 0;
		}
	sys_close(fd);
	return n < 0 ? -1 : found;
}

/* Whether "/" belongs to whom this namespace does not know. */
static bool root_is_unknown(void)
{
	struct statx st;

	return sys_statx(AT_FDCWD, "/", 0, &st) == 0 && st.stx_uid == OVERFLOW_USER;
}

bool owner_may_be_root(unsigned uid)
{
	return uid == 0 ||
	       (uid == OVERFLOW_USER && root_is_unknown() && has_user(0) == 0);
}

bool owner_is_known(unsigned uid)
{
	int has;

	if (uid != OVERFLOW_USER)
		return true;
	has = has_user(uid);
	return has < 0 ? !root_is_unknown() : has;
}
