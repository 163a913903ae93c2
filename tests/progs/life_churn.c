/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * life_churn SEED [LIFE]: a busy member for life_kill to kill: it makes and removes
 * files, forks, executes itself, and ends by itself after LIFE steps.
 */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static unsigned long state;

static unsigned roll(unsigned sides)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)(state >> 33) % sides;
}

static void name_file(char *out, size_t size)
{
	static const char *const dirs[] = { "/tmp", "/tmp/churn", "/var/tmp" };

	snprintf(out, size, "%s/churn-%u", dirs[roll(3)], roll(20));
}

static void use_file(void)
{
	char path[64], other[64];
	int fd;

	name_file(path, sizeof path);
	name_file(other, sizeof other);
	switch (roll(5)) {
	case 0: mkdir("/tmp/churn", 0755); break;
	case 1: unlink(path); break;
	case 2:
		if (rename(path, other))
			break;
		break;
	default:
		fd = open(path, O_CREAT | O_WRONLY, 0600);
		if (fd >= 0)
			close(fd);
	}
}

static void execute(const char *program, unsigned life)
{
	char seed[32], less[16];
	char *argv[] = { (char *)program, seed, less, NULL };

	snprintf(seed, sizeof seed, "%lu", state >> 8);
	snprintf(less, sizeof less, "%u", life);
	execv(program, argv);
}

int main(int argc, char **argv)
{
	unsigned life;

	if (argc < 2)
		return 2;
	state = strtoul(argv[1], NULL, 10) * 2654435761UL + 1;
	roll(2);
	life = argc > 2 ? (unsigned)atoi(argv[2]) : roll(60);
	while (life-- > 0) {
		unsigned what = roll(30);

		if (what == 0)
			execute(argv[0], life);
		else if (what == 1 && fork() == 0)
			state ^= (unsigned long)getpid() << 20;
		else if (what == 2)
			while (waitpid(-1, NULL, WNOHANG) > 0)
				;
		else
			use_file();
	}
	if (roll(2))
		_exit(0);
	return 0;
}
