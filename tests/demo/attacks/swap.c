/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* swap DIR NAME TEXT: waits for /tmp/DIR/NAME to be written, and puts a file of its own in its
 * place. The owner of the file has no say in that: the directory has. */
#include "attack.h"

static void write_text(const char *path, const char *text)
{
	FILE *f = fopen(path, "w");

	if (f == NULL)
		die(path);
	fprintf(f, "%s\n", text);
	if (fclose(f) != 0)
		die(path);
}

int main(int argc, char **argv)
{
	int fd = watcher();
	const struct inotify_event *event;
	char dir[PATH_MAX], name[2 * PATH_MAX], mine[2 * PATH_MAX];

	if (argc != 4)
		return 2;
	snprintf(dir, sizeof dir, "/tmp/%s", argv[1]);
	snprintf(name, sizeof name, "%s/%s", dir, argv[2]);
	snprintf(mine, sizeof mine, "%s/.mine", dir);
	watch(fd, "/tmp", IN_CREATE | IN_ATTRIB);
	lie_in_wait();
	while ((event = next_event(fd)) != NULL) {
		if (strcmp(event->name, argv[1]) != 0)
			continue;
		/* The mode may come later than the directory; the file after both. */
		if (access(dir, W_OK) != 0)
			continue;
		while (access(name, F_OK) != 0 && wait_for(-1, 1))
			;
		write_text(mine, argv[3]);
		if (rename(mine, name) != 0)
			perror(name);
		break;
	}
	while (wait_for(-1, -1))
		;
	return 0;
}
