/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * id_steps STEP...: takes steps that a daemon takes, and says what came of each:
 * the step and "ok", or the error's name.
 *
 *     setuid:N seteuid:N setreuid:N setresuid:N setfsuid:N   become user N
 *     number:N            setresuid(2) by its number, as this thread's own
 *     thread:N            the same as setuid, while another thread looks on
 *     ids groups          print who we are; how many supplementary groups
 *     drop-groups         setgroups(0)
 *     make:FILE           create FILE, which must not be there, mode 0644
 *     shut:FILE           the same, mode 0600
 *     read:FILE           print its text, which is its creator's user
 *     write:FILE          open it for writing
 *     gone:FILE remove:FILE mkdir:DIR cd:DIR
 *     list:DIR            print its names
 *     inode:FILE          print its device and number
 *     users:N:COUNT       COUNT children at a time, each another user from N
 *                         on, each with a file of its own, each sees all others'
 *     fork                the child goes on; its parent waits and ends like it
 *     root:DIR            chroot and chdir
 *     keep out            keep "/" open; go back there, and chroot
 *     pivot:DIR           make DIR, a mount point, the root of all
 *     link:PATH           a link to /tmp/x
 *     newuser             a user namespace in which this user is root
 *     unshare             a mount namespace of our own
 *     tmpfs:DIR           mount one there
 *     setns:FILE          enter a mount namespace
 *     by-number           pivot, newuser, unshare and setns by syscall(2) from here on
 *     clone:N             the child goes on in such a user namespace; its parent waits
 *                         and ends like it. By clone(2), or clone3 where N is 3, by number
 *     say:TEXT            print it, and wait for a line to be read
 *     run:COMMAND         system(3)
 *     exec                execute what follows
 *
 * What a step that fails leaves undone is the next one's to say: all are taken.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/sched.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/fsuid.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int kept = -1;
static bool by_number;

static int finish(int fd, const char *text)
{
	int ret = write(fd, text, strlen(text)) < 0 ? -1 : 0;

	return close(fd) < 0 ? -1 : ret;
}

static int make(const char *path, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL, mode);
	char text[24];

	snprintf(text, sizeof text, "%u\n", (unsigned)geteuid());
	return fd < 0 ? -1 : finish(fd, text);
}

static int do_make(const char *path)
{
	return make(path, 0644);
}

static int do_shut(const char *path)
{
	return make(path, 0600);
}

static int do_read(const char *path)
{
	FILE *file = fopen(path, "r");
	char line[80];

	if (!file)
		return -1;
	if (fgets(line, sizeof line, file))
		fputs(line, stdout);
	return fclose(file);
}

static int do_write(const char *path)
{
	int fd = open(path, O_WRONLY);

	return fd < 0 ? -1 : finish(fd, "");
}

static int do_gone(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0) {
		errno = EEXIST;
		return -1;
	}
	return errno == ENOENT ? 0 : -1;
}

static int do_mkdir(const char *path)
{
	mode_t mask = umask(0);
	int ret = mkdir(path, 01777);

	umask(mask);
	return ret;
}

static int do_list(const char *path)
{
	struct dirent **names;
	int n = scandir(path, &names, NULL, alphasort);

	for (int i = 0; i < n; i++) {
		if (names[i]->d_name[0] != '.')
			printf("%s\n", names[i]->d_name);
		free(names[i]);
	}
	if (n >= 0)
		free(names);
	return n < 0 ? -1 : 0;
}

static int do_inode(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -1;
	printf("%llu:%llu\n", (unsigned long long)st.st_dev,
	       (unsigned long long)st.st_ino);
	return 0;
}

static unsigned number(const char *text)
{
	return (unsigned)strtoul(text, NULL, 10);
}

static int do_setuid(const char *n)
{
	return setuid(number(n));
}

static int do_setgid(const char *n)
{
	return setgid(number(n));
}

static int do_seteuid(const char *n)
{
	return seteuid(number(n));
}

static int do_setreuid(const char *n)
{
	return setreuid(number(n), number(n));
}

static int do_setresuid(const char *n)
{
	return setresuid(number(n), number(n), number(n));
}

static int do_setfsuid(const char *n)
{
	setfsuid(number(n));
	return 0;
}

static int do_number(const char *n)
{
#ifdef SYS_setresuid32
	return (int)syscall(SYS_setresuid32, number(n), number(n), number(n));
#else
	return (int)syscall(SYS_setresuid, number(n), number(n), number(n));
#endif
}

/* The other thread is on its way before, and looks into /tmp after. */
static void *look_on(void *ready)
{
	pthread_barrier_wait(ready);
	pthread_barrier_wait(ready);
	return (void *)(long)(make("/tmp/by-thread", 0644) < 0 ? errno : 0);
}

static int do_thread(const char *n)
{
	pthread_barrier_t ready;
	pthread_t thread;
	void *error;
	int ret;

	pthread_barrier_init(&ready, NULL, 2);
	if (pthread_create(&thread, NULL, look_on, &ready))
		return -1;
	pthread_barrier_wait(&ready);
	ret = setuid(number(n));
	pthread_barrier_wait(&ready);
	pthread_join(thread, &error);
	errno = (int)(long)error;
	return errno ? -1 : ret;
}

static int do_ids(const char *unused)
{
	(void)unused;
	return printf("%u %u\n", (unsigned)getuid(), (unsigned)geteuid()) < 0;
}

static int do_groups(const char *unused)
{
	(void)unused;
	return printf("%d\n", getgroups(0, NULL)) < 0;
}

static int do_drop_groups(const char *unused)
{
	(void)unused;
	return setgroups(0, NULL);
}

/* One of several users: says an errno by its status. */
static int serve(unsigned first, unsigned count, unsigned i)
{
	char path[64];

	if (setgid(first + i) < 0 || setuid(first + i) < 0)
		return errno;
	snprintf(path, sizeof path, "/tmp/of-%u", first + i);
	if (make(path, 0644) < 0)
		return errno;
	for (unsigned j = 0; j < count; j++) {
		struct stat st;
		int tries = 0;

		snprintf(path, sizeof path, "/tmp/of-%u", first + j);
		while (stat(path, &st) < 0) {
			if (errno != ENOENT || tries++ == 3000)
				return errno;
			usleep(10000);
		}
	}
	return 0;
}

static int do_users(const char *arg)
{
	const char *colon = strchr(arg, ':');
	unsigned count = number(colon + 1), bad = 0;
	int status;

	for (unsigned i = 0; i < count; i++) {
		int pid = fork();

		if (pid == 0)
			_exit(serve(number(arg), count, i));
		if (pid < 0)
			return -1;
	}
	while (wait(&status) > 0) {
		if (status == 0)
			continue;
		bad++;
		errno = WIFEXITED(status) ? WEXITSTATUS(status) : EINTR;
	}
	return bad ? -1 : 0;
}

static int do_fork(const char *unused)
{
	int pid, status;

	(void)unused;
	fflush(stdout);
	pid = fork();
	if (pid <= 0)
		return pid;
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

static int do_root(const char *dir)
{
	return chroot(dir) < 0 ? -1 : chdir("/");
}

static int do_keep(const char *unused)
{
	(void)unused;
	kept = open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return kept < 0 ? -1 : 0;
}

static int do_out(const char *unused)
{
	(void)unused;
	return fchdir(kept) < 0 ? -1 : chroot(".");
}

extern int pivot_root(const char *root, const char *old);

static int do_pivot(const char *dir)
{
	long ret = chdir(dir);

	if (ret == 0)
		ret = by_number ? syscall(SYS_pivot_root, ".", ".") :
				  pivot_root(".", ".");
	if (ret < 0)
		return -1;
	return umount2(".", MNT_DETACH) < 0 ? -1 : chdir("/");
}

static int do_link(const char *path)
{
	return symlink("/tmp/x", path);
}

static int leave(int flags)
{
	return by_number ? (int)syscall(SYS_unshare, flags) : unshare(flags);
}

/* In this user namespace, which is new, the user UID is root. */
static int become_root(unsigned uid, unsigned gid)
{
	FILE *f;

	f = fopen("/proc/self/setgroups", "w");
	if (!f || fputs("deny", f) < 0 || fclose(f))
		return -1;
	f = fopen("/proc/self/uid_map", "w");
	if (!f || fprintf(f, "0 %u 1", uid) < 0 || fclose(f))
		return -1;
	f = fopen("/proc/self/gid_map", "w");
	if (!f || fprintf(f, "0 %u 1", gid) < 0 || fclose(f))
		return -1;
	return 0;
}

static int do_newuser(const char *unused)
{
	const unsigned uid = geteuid(), gid = getegid();

	(void)unused;
	return leave(CLONE_NEWUSER) < 0 ? -1 : become_root(uid, gid);
}

static int do_clone(const char *n)
{
	const unsigned uid = geteuid(), gid = getegid();
	struct clone_args args = { .flags = CLONE_NEWUSER, .exit_signal = SIGCHLD };
	int pid, status;

	fflush(stdout);
	if (number(n) == 3)
		pid = (int)syscall(SYS_clone3, &args, sizeof args);
	else
#ifdef __s390__
		pid = (int)syscall(SYS_clone, 0, CLONE_NEWUSER | SIGCHLD, 0, 0, 0);
#else
		pid = (int)syscall(SYS_clone, CLONE_NEWUSER | SIGCHLD, 0, 0, 0, 0);
#endif
	if (pid <= 0)
		return pid < 0 ? -1 : become_root(uid, gid);
	if (waitpid(pid, &status, 0) < 0)
		return -1;
	exit(WIFEXITED(status) ? WEXITSTATUS(status) : 99);
}

static int do_by_number(const char *unused)
{
	(void)unused;
	by_number = true;
	return 0;
}

static int do_unshare(const char *unused)
{
	(void)unused;
	return leave(CLONE_NEWNS) < 0 ?
		       -1 :
		       mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL);
}

static int do_tmpfs(const char *dir)
{
	return mount("tmp", dir, "tmpfs", 0, "mode=1777");
}

static int do_setns(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), ret, error;

	if (fd < 0)
		return -1;
	ret = by_number ? (int)syscall(SYS_setns, fd, CLONE_NEWNS) :
			  setns(fd, CLONE_NEWNS);
	error = errno;
	close(fd);
	errno = error;
	return ret;
}

static int do_say(const char *text)
{
	char byte = 0;

	printf("%s\n", text);
	fflush(stdout);
	while (read(0, &byte, 1) == 1 && byte != '\n')
		;
	return 0;
}

static int do_run(const char *command)
{
	fflush(stdout);
	return system(command) == 0 ? 0 : -1;
}

static const struct {
	const char *name;
	int (*take)(const char *arg);
} steps[] = {
	{ "setuid", do_setuid },
	{ "setgid", do_setgid },
	{ "seteuid", do_seteuid },
	{ "setreuid", do_setreuid },
	{ "setresuid", do_setresuid },
	{ "setfsuid", do_setfsuid },
	{ "number", do_number },
	{ "thread", do_thread },
	{ "ids", do_ids },
	{ "groups", do_groups },
	{ "drop-groups", do_drop_groups },
	{ "make", do_make },
	{ "shut", do_shut },
	{ "read", do_read },
	{ "write", do_write },
	{ "gone", do_gone },
	{ "remove", remove },
	{ "mkdir", do_mkdir },
	{ "cd", chdir },
	{ "list", do_list },
	{ "inode", do_inode },
	{ "users", do_users },
	{ "fork", do_fork },
	{ "root", do_root },
	{ "keep", do_keep },
	{ "out", do_out },
	{ "pivot", do_pivot },
	{ "link", do_link },
	{ "newuser", do_newuser },
	{ "by-number", do_by_number },
	{ "clone", do_clone },
	{ "unshare", do_unshare },
	{ "tmpfs", do_tmpfs },
	{ "setns", do_setns },
	{ "say", do_say },
	{ "run", do_run },
};

/* Whether there is such a step; *FAILED says what came of it. */
static bool take(const char *step, bool *failed)
{
	size_t n = strcspn(step, ":");
	const char *arg = step[n] ? step + n + 1 : "";

	for (size_t i = 0; i < sizeof steps / sizeof *steps; i++) {
		if (strncmp(steps[i].name, step, n) || steps[i].name[n])
			continue;
		*failed = steps[i].take(arg) != 0;
		printf("%s %s\n", step, *failed ? strerrorname_np(errno) : "ok");
		return true;
	}
	return false;
}

int main(int argc, char **argv)
{
	bool failed, any = false;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "exec") && i + 1 < argc) {
			fflush(stdout);
			execvp(argv[i + 1], argv + i + 1);
			return 127;
		}
		if (!take(argv[i], &failed)) {
			fprintf(stderr, "no such step: %s\n", argv[i]);
			return 2;
		}
		any |= failed;
	}
	return any;
}
