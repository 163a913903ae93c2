/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Owners; see owner.h. */
#define _GNU_SOURCE
#include "core/owner.h"
#include "core/sys.h"

#include <fcntl.h>

/*
 * Whether user 0 is in this namespace's map. A line has the first id inside, the first
 * outside, and the count. True where the map cannot be read.
 */
static bool has_user_0(void)
{
	const int fd =
		sys_openat(AT_FDCWD, "/proc/self/uid_map", O_RDONLY | O_CLOEXEC, 0);
	enum { BEFORE, FIRST, REST } in = BEFORE;
	unsigned long first = 0;
	bool found = false;
	char text[256];
	ssize_t n;

	if (fd < 0)
		return true;
	while ((n = sys_read(fd, text, sizeof text)) > 0)
		for (ssize_t i = 0; i < n; i++)
			if (text[i] == '\n') {
				in = BEFORE;
				first = 0;
			} else if (in != REST && text[i] >= '0' && text[i] <= '9') {
				in = FIRST;
				first = first * 10 + (unsigned long)(text[i] - '0');
			} else if (in == FIRST) {
				in = REST;
				found |= first == 0;
			}
	sys_close(fd);
	return found || n < 0;
}

bool owner_may_be_root(unsigned uid)
{
	struct statx st;

	if (uid == 0)
		return true;
	return uid == OVERFLOW_USER && sys_statx(AT_FDCWD, "/", 0, &st) == 0 &&
	       st.stx_uid == OVERFLOW_USER && !has_user_0();
}
