/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* inside DIR NAME TARGET: waits for /tmp/DIR to appear, and puts a link to TARGET into it. */
#include "attack.h"

int main(int argc, char **argv)
{
	int fd = watcher();
	const struct inotify_event *event;

	if (argc != 4)
		return 2;
	watch(fd, "/tmp", IN_CREATE);
	lie_in_wait();
	while ((event = next_event(fd)) != NULL) {
		char name[PATH_MAX];

		if (strcmp(event->name, argv[1]) != 0)
			continue;
		snprintf(name, sizeof name, "/tmp/%s/%s", argv[1], argv[2]);
		if (symlink(argv[3], name) != 0)
			perror(name);
	}
	return 0;
}
