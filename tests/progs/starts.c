/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * starts STEP...: goes somewhere and opens what is there, by names that start at the
 * working directory or at descriptor 9. Prints what each step came to.
 *
 *     cd:DIR fcd:FD hold:DIR      goes there; descriptor 9 becomes it
 *     read:PATH readat:PATH       the first line; from 9
 *     make:PATH makeat:PATH       open(2) with O_CREAT and without O_EXCL
 *     stream:PATH                 fopen(3) to write
 *     shut:PATH                   as make, but O_NOFOLLOW
 *     look:PATH                   stat(2): the size
 *     absent:PATH                 looks 6000 times for what is not there, makes it, goes
 *                                 there, by name and by number: other errors than ENOENT
 *     hard:PATH                   a hard link PATH.link to it
 *     list:DIR                    how many entries there are
 *     into:DIR deep:N             makes it, goes there; so N times, 200 bytes each
 *     root:DIR                    chroot(2)
 *     within:PATH beneath:PATH    as read, from 9, by openat2(2) that may not leave it
 *     plain:PATH                  the same, which may not use procfs's links
 *     share:DIR                   a child that has the same working directory goes there
 *     thread:PATH                 makes PATH in a thread, of which nothing is said
 *     user:ID                     becomes that user for good
 *     as:ID files:ID              becomes that user in effect; for files alone
 *     real:PATH                   realpath(3), after 2500 times "/."
 *     spawn:DIR=PATH launch:DIR=PROGRAM
 *                                 posix_spawn(3) of cat with PATH as its input, of PROGRAM,
 *                                 in DIR
 *     late:DIR=PATH               as spawn, where the program itself goes to DIR before that
 *     then:COMMAND=PATH           as spawn, where a shell runs COMMAND before that
 *     open:DIR=PATH dup:DIR=PATH  as spawn, by a descriptor 9 that is DIR in the child alone
 *     sh:COMMAND                  in a child
 *     swap:A                      exchanges A and A.other again and again, in a child
 *     race:PATH racemake:PATH     opens it again and again, with O_CREAT: whether the
 *                                 first line is ever "secret"; ends that child
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static int start; /* of relative names: AT_FDCWD or 9 */

/* As strerrorname_np(3), which is a new one. */
static const char *name_of(int error)
{
	static const struct {
		int error;
		const char *name;
	} names[] = {
		{ EACCES, "EACCES" },	{ ENOENT, "ENOENT" },
		{ ELOOP, "ELOOP" },	{ EPERM, "EPERM" },
		{ EAGAIN, "EAGAIN" },	{ EISDIR, "EISDIR" },
		{ ENOTDIR, "ENOTDIR" }, { ENAMETOOLONG, "ENAMETOOLONG" },
	};

	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (names[i].error == error)
			return names[i].name;
	return strerror(error);
}

static int result(int ret, const char *text)
{
	printf("%s\n", ret < 0 ? name_of(errno) : text);
	return ret;
}

static void first_line(const char *path)
{
	char line[100] = "";
	int fd = openat(start, path, O_RDONLY | O_NONBLOCK);
	ssize_t n = fd < 0 ? 0 : read(fd, line, sizeof line - 1);

	line[n > 0 ? n : 0] = '\0';
	line[strcspn(line, "\n")] = '\0';
	result(fd, line);
	if (fd >= 0)
		close(fd);
}

static void first_line_within(const char *path, unsigned long resolve)
{
	const struct open_how how = { .flags = O_RDONLY, .resolve = resolve };
	char line[100] = "";
	int fd = (int)syscall(SYS_openat2, 9, path, &how, sizeof how);

	if (fd >= 0 && read(fd, line, sizeof line - 1) > 0)
		line[strcspn(line, "\n")] = '\0';
	result(fd, line);
	if (fd >= 0)
		close(fd);
}

static int go(void *dir)
{
	return chdir(dir) < 0;
}

static void share(const char *dir)
{
	static char stack[65536] __attribute__((aligned(64)));
	int pid = clone(go, stack + sizeof stack, CLONE_FS | SIGCHLD, (void *)dir);
	int status = 1;

	if (pid > 0)
		waitpid(pid, &status, 0);
	result(pid < 0 ? pid : 0, status ? "not there" : "there");
}

static void make(const char *path, int flags)
{
	int fd = result(openat(start, path, O_RDWR | O_CREAT | O_NONBLOCK | flags, 0644),
			"made");

	if (fd >= 0 && write(fd, "program\n", 8) == 8)
		close(fd);
}

static void stream(const char *path)
{
	FILE *file = fopen(path, "w");

	result(file ? 0 : -1, "written");
	if (file) {
		fputs("program\n", file);
		fclose(file);
	}
}

static void hold(const char *path)
{
	int fd = result(open(path, O_RDONLY | O_DIRECTORY), "held");

	if (fd >= 0 && fd != 9) {
		dup2(fd, 9);
		close(fd);
	}
}

static void look(const char *path)
{
	struct stat st;
	char size[24] = "";

	if (stat(path, &st) < 0) {
		result(-1, "");
		return;
	}
	snprintf(size, sizeof size, "%ld", (long)st.st_size);
	result(0, size);
}

static void list(const char *path)
{
	DIR *dir = opendir(path);
	int n = 0;
	char count[24] = "";

	if (!dir) {
		result(-1, "");
		return;
	}
	while (readdir(dir))
		n++;
	closedir(dir);
	snprintf(count, sizeof count, "%d", n - 2);
	result(0, count);
}

static void hard(const char *path)
{
	char name[200];

	snprintf(name, sizeof name, "%s.link", path);
	result(link(path, name), "linked");
}

static void into(const char *dir)
{
	mkdir(dir, 0755);
	if (chdir(dir) < 0)
		exit(3);
}

static void deep(int n)
{
	char name[201];

	memset(name, 'n', 200);
	name[200] = '\0';
	while (n--)
		into(name);
}

static pid_t swapper;

static void swap(const char *path)
{
	char other[200];

	snprintf(other, sizeof other, "%s.other", path);
	swapper = fork();
	for (long i = 0; swapper == 0 && i < 100000000; i++) {
		renameat2(AT_FDCWD, path, AT_FDCWD, other, RENAME_EXCHANGE);
		/* And for a moment there is none. */
		renameat2(AT_FDCWD, path, AT_FDCWD, "away", 0);
		renameat2(AT_FDCWD, "away", AT_FDCWD, path, 0);
	}
	result(swapper, "begun");
}

static void race(const char *path, int flags)
{
	const time_t until = time(NULL) + 3;
	long opened = 0;
	int caught = 0;

	while (time(NULL) < until) {
		char line[8] = "";
		int fd = open(path, O_RDWR | flags, 0644);

		if (fd < 0)
			continue;
		opened++;
		if (read(fd, line, 6) == 6 && !strcmp(line, "secret"))
			caught++;
		close(fd);
	}
	kill(swapper, SIGKILL);
	waitpid(swapper, NULL, 0);
	printf("%s%s\n", caught ? "caught" : "never", opened ? "" : ", nor any other");
}

static void real(const char *path)
{
	static char whole[8000];
	char *end = whole, *name;

	for (int i = 0; i < 2500; i++)
		end = stpcpy(end, "/.");
	strcpy(end, path);
	name = realpath(whole, NULL);
	result(name ? 0 : -1, name);
	free(name);
}

static void *make_quietly(void *path)
{
	int fd = open(path, O_WRONLY | O_CREAT, 0644);

	if (fd >= 0)
		close(fd);
	return NULL;
}

static void thread(const char *path)
{
	static pthread_t id;

	result(pthread_create(&id, NULL, make_quietly, (void *)path) ? -1 : 0, "begun");
	usleep(500000);
}

/* In the child 9 becomes DIR, and is gone to. */
static int add_nine(posix_spawn_file_actions_t *actions, const char *dir, int dup)
{
	const int flags = O_RDONLY | O_DIRECTORY;
	int error = posix_spawn_file_actions_addopen(actions, dup ? 8 : 9, dir, flags, 0);

	if (!error && dup)
		error = posix_spawn_file_actions_adddup2(actions, 8, 9);
	return error ? error : posix_spawn_file_actions_addfchdir_np(actions, 9);
}

enum { SPAWN, LAUNCH, OPEN, DUP, LATE, THEN };

static void spawn(char *dir, int how)
{
	static char cat[] = "/bin/cat";
	char *what = strrchr(dir, '='), *argv[] = { cat, NULL };
	posix_spawn_file_actions_t actions;
	int pid, error;

	*what++ = '\0';
	posix_spawn_file_actions_init(&actions);
	if (how == OPEN || how == DUP)
		error = add_nine(&actions, dir, how == DUP);
	else
		error = how == LATE || how == THEN ?
				0 :
				posix_spawn_file_actions_addchdir_np(&actions, dir);
	if (!error && how != LAUNCH)
		error = posix_spawn_file_actions_addopen(&actions, 0, what, O_RDONLY, 0);
	if (!error && how == LATE && chdir(dir) < 0)
		error = errno;
	if (!error && how == THEN)
		error = system(dir);
	if (!error)
		error = posix_spawn(&pid, how == LAUNCH ? what : cat, &actions, NULL,
				    argv, environ);
	posix_spawn_file_actions_destroy(&actions);
	if (!error)
		waitpid(pid, NULL, 0);
	else
		printf("%s\n", name_of(error));
}

static void absent(const char *path)
{
	struct stat st;
	int odd = 0, fd;

	for (int i = 0; i < 6000; i++) {
		odd += !(stat(path, &st) < 0 && errno == ENOENT);
		odd += !(chdir(path) < 0 && errno == ENOENT);
		odd += !(syscall(SYS_truncate, path, 0) < 0 && errno == ENOENT);
		fd = open(path, O_CREAT | O_WRONLY, 0644);
		odd += fd < 0 || close(fd) < 0 || unlink(path) < 0;
	}
	printf("%d\n", odd);
}

static int starts_with(const char *step, const char *what)
{
	return !strncmp(step, what, strlen(what));
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *step = argv[i], *what = strchr(step, ':') + 1;
		int at = what[-2] == 't' && what[-3] == 'a';

		start = at ? 9 : AT_FDCWD;
		if (starts_with(step, "into:") || starts_with(step, "deep:")) {
			if (step[0] == 'i')
				into(what);
			else
				deep(atoi(what));
			continue;
		}
		printf("%.*s %.20s: ", (int)(what - step - 1), step, what);
		fflush(stdout);
		if (starts_with(step, "cd:"))
			result(chdir(what), "there");
		else if (starts_with(step, "fcd:"))
			result(fchdir(atoi(what)), "there");
		else if (starts_with(step, "hold:"))
			hold(what);
		else if (starts_with(step, "within:"))
			first_line_within(what, RESOLVE_IN_ROOT);
		else if (starts_with(step, "beneath:"))
			first_line_within(what, RESOLVE_BENEATH);
		else if (starts_with(step, "plain:"))
			first_line_within(what, RESOLVE_NO_MAGICLINKS);
		else if (starts_with(step, "spawn:"))
			spawn(strchr(argv[i], ':') + 1, SPAWN);
		else if (starts_with(step, "open:"))
			spawn(strchr(argv[i], ':') + 1, OPEN);
		else if (starts_with(step, "dup:"))
			spawn(strchr(argv[i], ':') + 1, DUP);
		else if (starts_with(step, "late:"))
			spawn(strchr(argv[i], ':') + 1, LATE);
		else if (starts_with(step, "then:"))
			spawn(strchr(argv[i], ':') + 1, THEN);
		else if (starts_with(step, "launch:"))
			spawn(strchr(argv[i], ':') + 1, LAUNCH);
		else if (starts_with(step, "share:"))
			share(what);
		else if (starts_with(step, "read"))
			first_line(what);
		else if (starts_with(step, "make"))
			make(what, 0);
		else if (starts_with(step, "shut:"))
			make(what, O_NOFOLLOW);
		else if (starts_with(step, "stream:"))
			stream(what);
		else if (starts_with(step, "look:"))
			look(what);
		else if (starts_with(step, "absent:"))
			absent(what);
		else if (starts_with(step, "list:"))
			list(what);
		else if (starts_with(step, "hard:"))
			hard(what);
		else if (starts_with(step, "swap:"))
			swap(what);
		else if (starts_with(step, "race:"))
			race(what, 0);
		else if (starts_with(step, "racemake:"))
			race(what, O_CREAT);
		else if (starts_with(step, "thread:"))
			thread(what);
		else if (starts_with(step, "real:"))
			real(what);
		else if (starts_with(step, "root:"))
			result(chroot(what), "there");
		else if (starts_with(step, "user:"))
			result(setuid((uid_t)atoi(what)), "become");
		else if (starts_with(step, "as:"))
			result(seteuid((uid_t)atoi(what)), "become");
		else if (starts_with(step, "files:"))
			result(setfsuid((uid_t)atoi(what)) * 0, "become");
		else if (starts_with(step, "sh:"))
			printf("%d\n", system(what));
		else
			return 2;
	}
	return 0;
}
