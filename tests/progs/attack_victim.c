/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * attack_victim PATTERN: one careless use of /tmp, for tests/attacks: writes a
 * payment order to a temporary file, reads it back and carries it out. PATTERN
 * says how it comes by the file's name.
 *
 * Where it is vulnerable it says so on descriptor 4, if that is open, and goes on
 * when it is told to on descriptor 3: races need no luck, and no time.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define ORDER "pay 3100 to the house bank, token-4711\n"

enum { GO = 3, WINDOW = 4, PATIENCE = 8000 };

static void die(const char *what)
{
	perror(what);
	exit(1);
}

/* WHICH: '1' before the file is opened, '2' while it lies there. */
static void window(char which)
{
	struct pollfd go = { .fd = GO, .events = POLLIN };
	char byte;

	if (write(WINDOW, &which, 1) == 1 && poll(&go, 1, PATIENCE) == 1)
		(void)!read(GO, &byte, 1);
}

static const char *directory(void)
{
	const char *dir = getenv("TMPDIR");

	return dir ? dir : "/tmp";
}

static char *in_directory(const char *name)
{
	static char path[256];

	snprintf(path, sizeof path, "%s/%s", directory(), name);
	return path;
}

static void put(int fd)
{
	if (write(fd, ORDER, sizeof ORDER - 1) != sizeof ORDER - 1)
		die("write");
}

static void carry_out(int fd)
{
	char text[512];
	ssize_t n = read(fd, text, sizeof text);

	if (n < 0)
		die("read");
	printf("done: %.*s", (int)n, text);
}

static void write_order(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);

	if (fd < 0)
		die("open");
	put(fd);
	close(fd);
}

static void read_order(const char *path)
{
	/* A FIFO that nobody writes to must not keep us. */
	int fd = open(path, O_RDONLY | O_NONBLOCK);

	if (fd < 0)
		die("open");
	carry_out(fd);
	close(fd);
}

static void remove_order(const char *path)
{
	if (unlink(path) != 0)
		die("unlink");
}

static void use(const char *path)
{
	write_order(path);
	window('2');
	read_order(path);
	remove_order(path);
}

/* A predictable name that is free as far as access(2) can see: not a dangling link. */
static void check(void)
{
	const char *path = in_directory("att-report");

	if (access(path, F_OK) == 0) {
		puts("already running");
		exit(1);
	}
	window('1');
	use(path);
}

/* tempnam(3), two files by it (BASE.s, BASE.o), and the name on a command line. */
static void from_tempnam(char *self)
{
	char *base = tempnam(directory(), "att-");
	char *argv[] = { self, (char *)"tmpnam", base, NULL };

	if (!base)
		die("tempnam");
	execv("/proc/self/exe", argv);
	die("exec");
}

static void compile(const char *base)
{
	char source[256], object[256];

	snprintf(source, sizeof source, "%s.s", base);
	snprintf(object, sizeof object, "%s.o", base);
	write_order(source);
	window('1');
	use(object);
	remove_order(source);
}

/* mktemp(3), and the same name twice. */
static void twice(void)
{
	char *path = in_directory("att-XXXXXX");

	if (!*mktemp(path))
		die("mktemp");
	write_order(path);
	remove_order(path);
	window('1');
	use(path);
}

static void from_pid(void)
{
	char name[32];

	snprintf(name, sizeof name, "att-%ld", (long)getpid());
	window('1');
	use(in_directory(name));
}

/* A directory that all may write to, and that may have been there before. */
static void in_open_directory(void)
{
	char dir[256];

	umask(0);
	snprintf(dir, sizeof dir, "%s", in_directory("att-spool"));
	if (mkdir(dir, 0777) != 0 && errno != EEXIST)
		die("mkdir");
	window('1');
	use(in_directory("att-spool/job"));
	rmdir(dir);
}

/* What an earlier run left is taken on; and it is left when we are killed. */
static void leave(void)
{
	const char *path = in_directory("att-state");

	if (access(path, F_OK) == 0)
		read_order(path);
	window('1');
	write_order(path);
	window('2');
	puts("killed");
	fflush(stdout);
	raise(SIGKILL);
}

/* As it should be: nothing that anyone can do about it. */
static void right(void)
{
	char *path = in_directory("att-XXXXXX");
	int fd;

	window('1');
	fd = mkstemp(path);
	if (fd < 0)
		die("mkstemp");
	put(fd);
	window('2');
	lseek(fd, 0, SEEK_SET);
	carry_out(fd);
	unlink(path);
}

int main(int argc, char **argv)
{
	const char *pattern = argc > 1 ? argv[1] : "";

	umask(022);
	signal(SIGPIPE, SIG_IGN);
	if (argc > 2)
		compile(argv[2]);
	else if (!strcmp(pattern, "check"))
		check();
	else if (!strcmp(pattern, "tmpnam"))
		from_tempnam(argv[0]);
	else if (!strcmp(pattern, "mktemp"))
		twice();
	else if (!strcmp(pattern, "pid"))
		from_pid();
	else if (!strcmp(pattern, "dir"))
		in_open_directory();
	else if (!strcmp(pattern, "leftover"))
		leave();
	else if (!strcmp(pattern, "right"))
		right();
	else
		return 2;
	return 0;
}
