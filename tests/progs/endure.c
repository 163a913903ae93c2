/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * endure SECONDS CHILDREN SEED: be a daemon that uses /tmp, as long as there is time and until
 * so many children were started and awaited. Each makes files and directories there, and removes
 * what it likes; some execute a program, some become daemons' children of their own, some
 * die by a signal. Every hundredth part of the way it looks what it has of memory and
 * descriptors, and how many sessions and helpers there are; prints the first and the last of
 * each, and ends with status 1 if one has grown.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { AT_ONCE = 4, WARM = 50 };

static uint64_t state;

static unsigned draw(unsigned below)
{
	state = state * 6364136223846793005U + 1442695040888963407U;
	return (unsigned)(state >> 33) % below;
}

static void die(const char *what)
{
	perror(what);
	exit(2);
}

/* -- What may not grow -- */

enum { MEMORY, DESCRIPTORS, HELPERS, HELPERS_MEMORY, KINDS };

static const char *const kinds[KINDS] = { "KiB of memory", "descriptors", "helpers",
					  "KiB of helpers' memory" };

/* A line of a file of procfs: the number behind KEY; 0 where there is none. */
static long number_of(const char *path, const char *key)
{
	FILE *file = fopen(path, "re");
	char line[256];
	long n = 0;

	while (file && fgets(line, sizeof line, file))
		if (!strncmp(line, key, strlen(key)))
			n = strtol(line + strlen(key), NULL, 10);
	if (file)
		fclose(file);
	return n;
}

static int is_helper(const char *pid)
{
	char path[64], name[32] = "";
	FILE *file;

	snprintf(path, sizeof path, "/proc/%.20s/comm", pid);
	file = fopen(path, "re");
	if (file && !fgets(name, sizeof name, file))
		name[0] = '\0';
	if (file)
		fclose(file);
	return !strncmp(name, "privtmp-reaper", 14);
}

static int count(const char *dir)
{
	DIR *d = opendir(dir);
	int n = 0;

	while (d && readdir(d))
		n++;
	if (d)
		closedir(d);
	return n;
}

static void look(long now[KINDS])
{
	DIR *proc = opendir("/proc");
	char path[64];

	now[MEMORY] = number_of("/proc/self/status", "RssAnon:");
	now[DESCRIPTORS] = count("/proc/self/fd");
	now[HELPERS] = now[HELPERS_MEMORY] = 0;
	for (struct dirent *e; proc && (e = readdir(proc));)
		if (e->d_name[0] >= '1' && e->d_name[0] <= '9' && is_helper(e->d_name)) {
			now[HELPERS]++;
			snprintf(path, sizeof path, "/proc/%.20s/status", e->d_name);
			now[HELPERS_MEMORY] += number_of(path, "RssAnon:");
		}
	if (proc)
		closedir(proc);
}

/* -- A child -- */

static void work(unsigned what)
{
	char name[64], other[64];
	int fd;

	snprintf(name, sizeof name, "/tmp/job.%u", what % 64);
	snprintf(other, sizeof other, "/var/tmp/job.%u", what % 64);
	fd = open(name, O_RDWR | O_CREAT | O_TRUNC, 0600);
	if (fd < 0 || write(fd, "job", 3) != 3)
		_exit(3);
	close(fd);
	if (what & 1 && rename(name, other) != 0 && errno != EXDEV && errno != ENOENT)
		_exit(4);
	if (mkdir("/tmp/dir", 0700) != 0 && errno != EEXIST)
		_exit(5);
	if (what & 2)
		unlink(other);
	if (what & 4)
		rmdir("/tmp/dir");
}

static void child(unsigned what)
{
	work(what);
	switch (what % 16) {
	case 0:
		execl("/bin/sh", "sh", "-c", "echo x >/tmp/x.$$; rm /tmp/x.$$", NULL);
		_exit(6);
	case 1: raise(SIGKILL); break;
	case 2:
		if (fork() == 0)
			work(what / 16);
		break;
	}
	_exit(0);
}

/* Waits for one; whether it did its work. */
static int await(void)
{
	int status;

	if (wait(&status) < 0)
		die("wait");
	return (WIFEXITED(status) && WEXITSTATUS(status) == 0) ||
	       (WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL);
}

static int grown(const long first[KINDS], const long last[KINDS])
{
	/* Pages come and go; a descriptor or a helper does not. A helper for each of two
	 * sessions at most: ours, and one that has just ended. */
	static const long more[KINDS] = { 256, 0, 1, 256 };
	int bad = 0;

	for (int i = 0; i < KINDS; i++) {
		printf("%s: %ld at first, %ld at last\n", kinds[i], first[i], last[i]);
		bad |= last[i] > first[i] + more[i];
	}
	return bad;
}

int main(int argc, char **argv)
{
	long first[KINDS], last[KINDS];
	long done = 0, bad = 0, running = 0, most = argc == 4 ? atol(argv[2]) : 0;
	time_t end = time(NULL) + (argc == 4 ? atol(argv[1]) : 0);

	if (most <= WARM) {
		fprintf(stderr, "usage: endure SECONDS CHILDREN SEED\n");
		return 2;
	}
	state = strtoul(argv[3], NULL, 10);
	work(0);
	while (done < most && (done < 2 * WARM || time(NULL) < end)) {
		pid_t pid = fork();

		if (pid < 0)
			die("fork");
		if (pid == 0)
			child(draw(1 << 16));
		if (++running == AT_ONCE) {
			bad += !await();
			running--;
		}
		if (++done == WARM)
			look(first);
	}
	for (; running; running--)
		bad += !await();
	look(last);
	printf("%ld children, %ld of them failed\n", done, bad);
	return grown(first, last) | (bad > 0);
}
