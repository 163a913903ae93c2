/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attack_shim HOW [ARG]...: attacks on the shim itself, for tests/attacks/rules.
 *
 *     rewrite FROM TO FILE        the text in FILE, opened by its name
 *     rewrite-inherited FROM TO UID   as UID, in whatever lease was inherited
 *     daemon UID HOW FROM TO JOB  an honest daemon: a file in /tmp, a worker that drops to
 *                                 UID and is taken over, and, when that has ended and a
 *                                 line was read, a job of its own by system(3). HOW:
 *                                 none, mapping, or this program, linked statically
 *     lock FILE HOW SECONDS       exclusive, shared, description, or spin: taken and let
 *                                 go until it is had when it hurts most
 *     back UID HOW FILE TEXT      a set-user-ID program that gives up its rights for UID and
 *                                 takes them back, by the function HOW, and then, when a
 *                                 line has been read, writes TEXT to FILE
 *     threads FILE FILE           one thread makes the first, and a moment later another one
 *                                 makes the second
 *     inherited                   print what of the shim's was inherited
 *     write FILE TEXT             write to FILE, which is made if need be, and end
 *     later FILE TEXT             the same, after a line has been read
 *
 * Status 0: done; 1: it could not be.
 */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { PAGE = 4096, MANY = 1024 };

static const char *from, *to;

/* Replaces all of FROM by TO in TEXT, which has room for PAGE bytes. Whether there was any. */
static bool change(char *text)
{
	size_t n = strlen(from), m = strlen(to), len = strlen(text);
	bool found = false;

	for (char *at = text; (at = strstr(at, from)); at += m, found = true) {
		if (len + m - n >= PAGE)
			break;
		memmove(at + m, at + n, strlen(at + n) + 1);
		memcpy(at, to, m);
		len += m - n;
	}
	return found;
}

static int rewrite(int fd)
{
	char text[PAGE] = "";
	ssize_t n = pread(fd, text, sizeof text - 1, 0);

	if (n <= 0 || !change(text))
		return 1;
	n = (ssize_t)strlen(text);
	return ftruncate(fd, n) != 0 || pwrite(fd, text, (size_t)n, 0) != n;
}

static int rewrite_name(const char *path)
{
	int fd = open(path, O_RDWR);

	return fd < 0 ? 1 : rewrite(fd);
}

/* Whether descriptor FD is of a session's lease. */
static bool is_lease(int fd)
{
	char link[64], path[PATH_MAX];
	ssize_t n;

	snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
	n = readlink(link, path, sizeof path - 1);
	if (n < 0)
		return false;
	path[n] = '\0';
	return strstr(path, "/.privtmp-") && strstr(path, "/lease");
}

static int drop(unsigned id)
{
	return setgroups(0, NULL) != 0 || setgid(id) != 0 || setuid(id) != 0;
}

static int rewrite_inherited(const char *uid)
{
	int ret = 1;

	if (drop((unsigned)atoi(uid)) != 0)
		return 2;
	for (int fd = 3; fd < MANY; fd++)
		if (is_lease(fd) && rewrite(fd) == 0)
			ret = 0;
	return ret;
}

/* Not longer than it was: the file does not grow by a mapping. */
static int rewrite_mapping(void)
{
	char line[PATH_MAX + 100];
	FILE *maps = fopen("/proc/self/maps", "r");
	unsigned long begin, end;

	while (maps && fgets(line, sizeof line, maps)) {
		if (!strstr(line, "/.privtmp-") || !strstr(line, "/lease") ||
		    sscanf(line, "%lx-%lx", &begin, &end) != 2)
			continue;
		if (mprotect((void *)begin, end - begin, PROT_READ | PROT_WRITE) != 0)
			return 1;
		return !change((char *)begin);
	}
	return 1;
}

/* What has been taken over, by somebody who knows this program. */
static int worker(const char *uid, const char *how)
{
	const unsigned id = (unsigned)atoi(uid);

	/* As gosu(1): it is what drops. */
	if (how[0] == '/')
		execl(how, how, "rewrite-inherited", from, to, uid, NULL);
	if (drop(id) != 0)
		return 2;
	return strcmp(how, "mapping") ? 0 : rewrite_mapping();
}

/* Until the one who plays the attacker outside is done, too. */
static int wait_for_line(void)
{
	fflush(stdout);
	return getchar() == EOF;
}

static int be_daemon(char **arg)
{
	int fd = open("/tmp/state", O_WRONLY | O_CREAT, 0600), status;
	pid_t pid;

	if (fd < 0)
		return 2;
	close(fd);
	from = arg[2];
	to = arg[3];
	pid = fork();
	if (pid == 0)
		_exit(worker(arg[0], arg[1]));
	if (waitpid(pid, &status, 0) != pid || !WIFEXITED(status) ||
	    WEXITSTATUS(status) == 2)
		return 2;
	printf("ready: worker %d\n", WEXITSTATUS(status));
	return wait_for_line() || system(arg[4]) != 0;
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int lock_description(int fd)
{
	struct flock lock = { .l_type = F_RDLCK, .l_len = 1 };

	return fcntl(fd, F_OFD_SETLK, &lock);
}

static int hold(char **arg)
{
	const double end = now() + atof(arg[2]);
	int fd = open(arg[0], O_RDONLY), ret = -1;

	if (fd < 0)
		return 1;
	if (!strcmp(arg[1], "spin") || !strcmp(arg[1], "exclusive"))
		puts("ready");
	fflush(stdout);
	if (!strcmp(arg[1], "spin")) {
		while (now() < end) {
			ret = flock(fd, LOCK_EX | LOCK_NB);
			flock(fd, LOCK_UN);
		}
		return 0;
	}
	while (ret != 0 && now() < end) {
		if (!strcmp(arg[1], "description"))
			ret = lock_description(fd);
		else
			ret = flock(fd, (strcmp(arg[1], "shared") ? LOCK_EX : LOCK_SH) |
						LOCK_NB);
	}
	puts("ready");
	fflush(stdout);
	while (now() < end)
		usleep(10000);
	return ret != 0;
}

static int print_inherited(void)
{
	const char *variable = getenv("PRIVTMP_SESSION");
	int found = variable != NULL;

	if (variable)
		printf("variable %s\n", variable);
	for (int fd = 3; fd < MANY; fd++)
		if (is_lease(fd)) {
			printf("lease %d\n", fd);
			found = 1;
		}
	return !found;
}

static int write_text(const char *path, const char *text, bool later)
{
	int fd;

	if (later) {
		puts("ready");
		if (wait_for_line())
			return 1;
	}
	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
	if (fd < 0) {
		perror(path);
		return 1;
	}
	return write(fd, text, strlen(text)) != (ssize_t)strlen(text);
}

static int there_and_back(unsigned id, const char *how)
{
	if (!strcmp(how, "seteuid"))
		return seteuid(id) != 0 || seteuid(0) != 0;
	if (!strcmp(how, "setresuid"))
		return setresuid((uid_t)-1, id, 0) != 0 ||
		       setresuid((uid_t)-1, 0, 0) != 0;
	if (!strcmp(how, "setreuid"))
		return setreuid(0, id) != 0 || setreuid(id, 0) != 0;
	if (!strcmp(how, "setuid-saved"))
		return setreuid(id, 0) != 0 || seteuid(id) != 0 || setuid(0) != 0;
	if (!strcmp(how, "number"))
		return syscall(SYS_setresuid, -1, id, 0) != 0 ||
		       syscall(SYS_setresuid, -1, 0, 0) != 0;
	if (!strcmp(how, "number-setfsuid")) {
		syscall(SYS_setfsuid, id);
		return syscall(SYS_setfsuid, 0) != (long)id;
	}
	setfsuid(id);
	return setfsuid(0) != (int)id;
}

static int give_up(char **arg)
{
	int fd = open("/tmp/first", O_WRONLY | O_CREAT, 0600);

	if (fd < 0 || there_and_back((unsigned)atoi(arg[0]), arg[1]) != 0)
		return 2;
	return write_text(arg[2], arg[3], true);
}

static void *make_first(void *path)
{
	write_text(path, "first", false);
	return NULL;
}

static int two_threads(char **arg)
{
	pthread_t thread;
	int ret;

	if (pthread_create(&thread, NULL, make_first, arg[0]) != 0)
		return 2;
	usleep(300000);
	ret = write_text(arg[1], "second", false);
	pthread_join(thread, NULL);
	return ret;
}

int main(int argc, char **argv)
{
	const char *how = argc > 1 ? argv[1] : "";

	if (!strcmp(how, "daemon") && argc == 7)
		return be_daemon(argv + 2);
	if (!strcmp(how, "lock") && argc == 5)
		return hold(argv + 2);
	if (!strcmp(how, "back") && argc == 6)
		return give_up(argv + 2);
	if (!strcmp(how, "threads") && argc == 4)
		return two_threads(argv + 2);
	if (!strcmp(how, "inherited"))
		return print_inherited();
	if (!strcmp(how, "write") && argc == 4)
		return write_text(argv[2], argv[3], false);
	if (!strcmp(how, "later") && argc == 4)
		return write_text(argv[2], argv[3], true);
	if (argc < 4)
		return 2;
	from = argv[2];
	to = argv[3];
	if (!strcmp(how, "rewrite") && argc == 5)
		return rewrite_name(argv[4]);
	if (!strcmp(how, "rewrite-inherited") && argc == 5)
		return rewrite_inherited(argv[4]);
	return 2;
}
