/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* sibling PREFIX FIRST SECOND TARGET: waits for /tmp/PREFIX*FIRST to appear, and puts a link to
 * TARGET where the same name with SECOND will be opened. */
#include "attack.h"

int main(int argc, char **argv)
{
	int fd = watcher();
	const struct inotify_event *event;

	if (argc != 5)
		return 2;
	watch(fd, "/tmp", IN_CREATE);
	lie_in_wait();
	while ((event = next_event(fd)) != NULL) {
		char name[PATH_MAX];
		size_t base = stem(event->name, argv[2]);

		if (base == 0 || !begins(event->name, argv[1]))
			continue;
		snprintf(name, sizeof name, "/tmp/%.*s%s", (int)base, event->name,
			 argv[3]);
		if (symlink(argv[4], name) != 0)
			perror(name);
	}
	return 0;
}
