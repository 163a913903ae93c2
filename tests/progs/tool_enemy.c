/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What another user does to who looks after sessions.
 *
 *     map FILE SECONDS   makes FILE, and has it mapped as a member has a lease
 *     take PID           what of PID's, which has the same user, can be had: its
 *                        environment and its terminal
 *     stop SECONDS       stops each process of this user's that looks at what it left
 *     swap DIR NAME TO   as soon as somebody opens NAME in DIR, DIR is a link to TO
 */
#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_getfd
#define SYS_pidfd_getfd 438
#endif

static int map_file(const char *file, const char *seconds)
{
	int fd = open(file, O_RDWR | O_CREAT, 0666);
	void *page;

	if (fd < 0 || ftruncate(fd, 4096) < 0) {
		perror(file);
		return 1;
	}
	page = mmap(NULL, 4096, PROT_READ, MAP_SHARED, fd, 0);
	if (page == MAP_FAILED)
		return 1;
	puts("ready");
	fflush(stdout);
	sleep((unsigned)atoi(seconds));
	return 0;
}

static void take_environment(int pid)
{
	char path[64], text[65536];
	ssize_t n;
	int fd;

	snprintf(path, sizeof path, "/proc/%d/environ", pid);
	fd = open(path, O_RDONLY);
	n = fd < 0 ? -1 : read(fd, text, sizeof text - 1);
	if (fd >= 0)
		close(fd);
	for (ssize_t at = 0; at < n; at += (ssize_t)strlen(text + at) + 1) {
		text[n] = '\0';
		printf("variable %s\n", text + at);
	}
}

static void take_descriptors(int pid)
{
	int process = (int)syscall(SYS_pidfd_open, pid, 0);

	for (int i = 0; i < 64; i++) {
		int fd = (int)syscall(SYS_pidfd_getfd, process, i, 0);
		char path[64], name[4096];
		ssize_t n;

		if (fd < 0)
			continue;
		snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
		n = readlink(path, name, sizeof name - 1);
		printf("descriptor %d %.*s\n", i, n < 0 ? 0 : (int)n, name);
		close(fd);
	}
}

static void stop_lookers(void)
{
	DIR *proc = opendir("/proc");
	struct dirent *entry;

	while (proc && (entry = readdir(proc))) {
		char path[300], name[32] = "";
		int fd;

		snprintf(path, sizeof path, "/proc/%s/comm", entry->d_name);
		fd = open(path, O_RDONLY);
		if (fd < 0)
			continue;
		if (read(fd, name, sizeof name - 1) > 0 &&
		    !strcmp(name, "privtmp-looker\n") &&
		    kill(atoi(entry->d_name), SIGSTOP) == 0) {
			puts("stopped one");
			fflush(stdout);
		}
		close(fd);
	}
	if (proc)
		closedir(proc);
}

static int swap(const char *dir, const char *name, const char *to)
{
	char path[4200], event[4096];
	int fd = inotify_init();

	snprintf(path, sizeof path, "%s/%s", dir, name);
	if (inotify_add_watch(fd, path, IN_OPEN) < 0)
		return 1;
	snprintf(path, sizeof path, "%s.old", dir);
	puts("ready");
	fflush(stdout);
	return read(fd, event, sizeof event) <= 0 || rename(dir, path) < 0 ||
	       symlink(to, dir) < 0;
}

int main(int argc, char **argv)
{
	if (argc > 4 && !strcmp(argv[1], "swap"))
		return swap(argv[2], argv[3], argv[4]);
	if (argc > 3 && !strcmp(argv[1], "map"))
		return map_file(argv[2], argv[3]);
	if (argc > 2 && !strcmp(argv[1], "take")) {
		take_environment(atoi(argv[2]));
		take_descriptors(atoi(argv[2]));
		return 0;
	}
	if (argc > 2 && !strcmp(argv[1], "stop")) {
		time_t end = time(NULL) + atoi(argv[2]);

		while (time(NULL) < end)
			stop_lookers();
		return 0;
	}
	return 2;
}
