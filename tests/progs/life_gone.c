/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * life_gone MILLISECONDS COMMAND [ARG]...: run COMMAND, and measure how long after
 * its death the sessions that it made are still there. Prints
 *
 *     ended STATUS, gone after N ms
 *
 * and succeeds if COMMAND had a session and N is within the limit. It is not
 * under the shim itself, so it sees the guarded directories as they are.
 */
#include <dirent.h>
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KNOWN = 1024, PATIENCE = 5000 };

static const char *const guarded[] = { "/tmp", "/var/tmp" };
static char known[KNOWN][32];
static int knowns;

static void die(const char *what)
{
	perror(what);
	exit(125);
}

static bool is_known(const char *name)
{
	for (int i = 0; i < knowns; i++)
		if (!strcmp(known[i], name))
			return true;
	return false;
}

/* Counts the sessions' roots that are not known; NOTE: and makes them known. */
static int sessions(bool note)
{
	int found = 0;

	for (int i = 0; i < 2; i++) {
		DIR *dir = opendir(guarded[i]);
		struct dirent *entry;

		if (!dir)
			die(guarded[i]);
		while ((entry = readdir(dir))) {
			if (strncmp(entry->d_name, ".privtmp-", 9) ||
			    strlen(entry->d_name) >= sizeof *known ||
			    is_known(entry->d_name))
				continue;
			found++;
			if (note && knowns < KNOWN)
				strcpy(known[knowns++], entry->d_name);
		}
		closedir(dir);
	}
	return found;
}

static long milliseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* Whether a session's root has been made since FD began to watch. */
static bool was_made(int fd)
{
	char buf[16384] __attribute__((aligned(8)));
	ssize_t n;

	while ((n = read(fd, buf, sizeof buf)) > 0)
		for (ssize_t at = 0; at < n;) {
			struct inotify_event *e = (void *)(buf + at);

			if (e->len && !strncmp(e->name, ".privtmp-", 9) &&
			    !is_known(e->name))
				return true;
			at += (ssize_t)(sizeof *e + e->len);
		}
	return false;
}

int main(int argc, char **argv)
{
	const struct timespec moment = { 0, 1000000 };
	int status, watch = inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
	long limit, died, gone;
	pid_t pid;

	if (argc < 3)
		return 125;
	limit = atol(argv[1]);
	for (int i = 0; i < 2; i++)
		if (inotify_add_watch(watch, guarded[i], IN_CREATE) < 0)
			die("inotify_add_watch");
	sessions(true);
	pid = fork();
	if (pid < 0)
		die("fork");
	if (pid == 0) {
		execvp(argv[2], argv + 2);
		die(argv[2]);
	}
	if (waitpid(pid, &status, 0) != pid)
		die("waitpid");
	died = milliseconds();
	while (sessions(false) && milliseconds() - died < PATIENCE)
		nanosleep(&moment, NULL);
	gone = milliseconds() - died;
	status = WIFSIGNALED(status) ? 128 + WTERMSIG(status) : WEXITSTATUS(status);
	if (!was_made(watch)) {
		printf("ended %d, had no session\n", status);
		return 2;
	}
	if (gone >= PATIENCE) {
		printf("ended %d, left a session behind\n", status);
		return 1;
	}
	printf("ended %d, gone after %ld ms\n", status, gone);
	return gone > limit;
}
