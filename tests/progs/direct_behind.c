/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who is behind the mount door (session/behind.c): by the mounts of processes, and by files that
 * look like them. See direct.h.
 */
#include "core/sys.h"

static ssize_t hook_read(int fd, void *buf, size_t size);
static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);
static int hook_open_proc(int proc, const char *pid, const char *name);
static ssize_t hook_getdents(int fd, void *buf, size_t size);

#define sys_read hook_read
#define sys_openat hook_openat
#define sys_open_proc hook_open_proc
#define sys_getdents hook_getdents
#include "session/behind.c"
#undef sys_read
#undef sys_openat
#undef sys_open_proc
#undef sys_getdents

#include "direct.h"
#include <signal.h>

/* The name of a root of DIR, and of one that is none of the policy's. */
#define NAME(digit) ".privtmp-AAAAAAAAAAAAAAAAAAAAA" digit
#define ROOT NAME("1")
#define ROOT2 NAME("2")
#define STRANGER NAME("3")
/* What stands in a line of mountinfo before the mounted directory. */
#define FIELDS "21 1 0:20 "

static size_t piece = SIZE_MAX; /* that is read at most at once */
static size_t asked;		/* by the first read of a file */
static unsigned opened, listed;

static ssize_t hook_read(int fd, void *buf, size_t size)
{
	asked = asked ? asked : size;
	return sys_read(fd, buf, size < piece ? size : piece);
}

/* What is opened is only read, and for no other program. */
static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	IS(flags, O_RDONLY | O_CLOEXEC | O_DIRECTORY);
	IS(mode, 0);
	opened++;
	return sys_openat(dirfd, path, flags, mode);
}

static int hook_open_proc(int proc, const char *pid, const char *name)
{
	opened++;
	return sys_open_proc(proc, pid, name);
}

static ssize_t hook_getdents(int fd, void *buf, size_t size)
{
	listed++;
	return sys_getdents(fd, buf, size);
}

/* With N guarded directories; what else stands there is none. */
static const struct policy *policy(unsigned n)
{
	static const char *const roots[] = { "/tmp/" ROOT, "/var/tmp/" ROOT2 };
	static struct policy made;

	memset(&made, 0, sizeof made);
	made.guards = n;
	for (unsigned i = 0; i < 2; i++)
		made.guard[i].root = (struct text){ roots[i], strlen(roots[i]) };
	return &made;
}

/* -- The text -- */

/*
 * Whether a file shows a root that has BEFORE bytes and TEXT in the field that counts, and
 * AFTER bytes behind it.
 */
static bool shows_text(const struct policy *policy, size_t before, const char *text,
		       size_t after)
{
	static char fill[3 * ROOM];
	const int fd = open("/tmp/text", O_CREAT | O_TRUNC | O_RDWR | O_CLOEXEC, 0600);
	const size_t len = strlen(text);
	bool found;

	/* Each may be where a name begins. */
	memset(fill, ROOT_BEGIN[0], sizeof fill);
	MUST(fd >= 0 && write(fd, FIELDS, strlen(FIELDS)) == (ssize_t)strlen(FIELDS));
	MUST(write(fd, fill, before) == (ssize_t)before);
	MUST(write(fd, text, len) == (ssize_t)len);
	MUST(write(fd, fill, after) == (ssize_t)after);
	MUST(lseek(fd, 0, SEEK_SET) == 0);
	asked = 0;
	found = shows(fd, policy);
	/* Nothing stands before it. */
	IS(asked, ROOM);
	close(fd);
	return found;
}

static void texts(void)
{
	const struct policy *two = policy(2);

	for (size_t after = 0; after < 2; after++) {
		TRUE(shows_text(two, 0, ROOT, after));
		TRUE(shows_text(two, 1, ROOT, after));
		TRUE(shows_text(two, 0, ROOT2, after));
		FALSE(shows_text(two, 0, STRANGER, after));
		FALSE(shows_text(two, 0, "", after));
		/* Without its first byte, or its last. */
		FALSE(shows_text(two, 0, &ROOT[1], after));
		FALSE(shows_text(two, 0, NAME(""), after));
	}
	/* The field of another line; and what whoever has mounted it chose. */
	TRUE(shows_text(two, 0, STRANGER " /\n" FIELDS ROOT, 0));
	FALSE(shows_text(two, 0, "/ " ROOT, 0));
	FALSE(shows_text(two, 0, "/ / rw - fuse " ROOT " rw", 0));
	FALSE(shows_text(two, 0, "/\n" ROOT " " ROOT " " ROOT " / " ROOT "\n", 0));
	/* One that is none's before it. */
	TRUE(shows_text(two, 0, STRANGER "/a/" ROOT2, 3));
	FALSE(shows_text(policy(1), 0, STRANGER "/a/" ROOT2, 3));
	FALSE(shows_text(policy(0), 0, ROOT, 0));
}

/* Wherever one read ends and the next one begins. */
static void pieces(void)
{
	const struct policy *two = policy(2);

	for (size_t at = ROOM - ROOT_NAME - strlen(FIELDS) - 2; at < ROOM + 2; at++) {
		TRUE(shows_text(two, at, ROOT2, 0));
		TRUE(shows_text(two, at, ROOT2, 2 * ROOM));
		TRUE(shows_text(two, 2 * at, ROOT2, 1));
		FALSE(shows_text(two, at, STRANGER, 2 * ROOM));
	}
	for (piece = 1; piece < 3 * ROOT_NAME; piece++)
		for (size_t at = 0; at < ROOT_NAME; at++) {
			TRUE(shows_text(two, at, ROOT, at));
			FALSE(shows_text(two, at, STRANGER, at));
			FALSE(shows_text(two, at, NAME(""), at));
			TRUE(shows_text(two, at, "x / rw\n" FIELDS ROOT, at));
			FALSE(shows_text(two, at, "x " ROOT "\n" FIELDS "x " ROOT, at));
		}
	/* A file that cannot be read. */
	piece = SIZE_MAX;
	FALSE(shows(-1, two));
}

/* Nothing is read before a text that is shorter than a name. */
static void short_roots(void)
{
	struct policy *odd = (struct policy *)policy(2);
	char *text = malloc(ROOT_NAME);

	MUST(text);
	memcpy(text, ROOT, ROOT_NAME);
	odd->guard[0].root = (struct text){ text, 0 };
	TRUE(is_of(odd, ROOT2));
	FALSE(is_of(odd, ROOT));
	odd->guard[0].root = (struct text){ text, ROOT_NAME - 1 };
	FALSE(is_of(odd, ROOT));
	/* As long as it, it is one. */
	odd->guard[0].root = (struct text){ text, ROOT_NAME };
	TRUE(is_of(odd, ROOT));
	free(text);
}

/* -- Files that look like processes -- */

/* Gives /proc a directory NAME, whose mounts show TEXT. */
static void make_process(const char *name, const char *text)
{
	char path[64];
	int fd;

	snprintf(path, sizeof path, "/proc/%s", name);
	make_dir(path, 0, 0755);
	strcat(path, "/mountinfo");
	fd = open(path, O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644);
	MUST(fd >= 0 && write(fd, FIELDS, strlen(FIELDS)) == (ssize_t)strlen(FIELDS));
	MUST(write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
}

static void names(void)
{
	const struct policy *two = policy(2);
	const int before = descriptors();
	/* A path that has just room, and one that has not. */
	static const char most[] = "111111111111111111111";
	int proc;

	MUST(mount("proc", "/proc", "tmpfs", 0, "mode=755") == 0);
	FALSE(behind_any(two));
	make_process("self", ROOT);
	make_process("0", ROOT);
	make_process(":", ROOT);
	make_process("12", STRANGER);
	/* A process that has ended. */
	make_dir("/proc/13", 0, 0755);
	FALSE(behind_any(two));
	/* Another user's, in a namespace that he can have made. */
	make_process("14", ROOT);
	MUST(chown("/proc/14", OTHER, OTHER) == 0);
	make_file("/proc/14/uid_map", OTHER, 0644);
	FALSE(behind_any(two));
	for (int pid = 1; pid < 10; pid++) {
		const char name[] = { (char)('0' + pid), '\0' };

		make_process(name, ROOT2);
		TRUE(behind_any(two));
		FALSE(behind_any(policy(1)));
		two = policy(2);
		make_process(name, STRANGER);
	}
	FALSE(behind_any(two));
	proc = open_high("/proc");
	make_process(most, ROOT);
	make_process("1111111111111111111111", ROOT);
	TRUE(is_behind(proc, most, two));
	FALSE(is_behind(proc, "1111111111111111111111", two));
	FALSE(is_behind(proc, "13", two));
	FALSE(is_behind(proc, "none", two));
	close(proc);
	IS(descriptors(), before);
	MUST(umount("/proc") == 0);
}

/* More of them than one call lists: each is asked, and none behind the first that is one. */
static void many(void)
{
	enum { ALL = 200 };
	const struct policy *two = policy(2);
	char name[16];

	MUST(mount("proc", "/proc", "tmpfs", 0, "mode=755") == 0);
	for (int pid = 1; pid <= ALL; pid++) {
		snprintf(name, sizeof name, "%d", pid);
		make_process(name, STRANGER);
	}
	opened = 0;
	FALSE(behind_any(two));
	IS(opened, ALL + 1);
	for (int pid = 1; pid <= ALL; pid++) {
		snprintf(name, sizeof name, "%d", pid);
		make_process(name, ROOT);
		opened = 0;
		TRUE(behind_any(two));
		TRUE(opened <= ALL + 1);
		make_process(name, STRANGER);
	}
	for (int pid = 1; pid <= ALL; pid++) {
		snprintf(name, sizeof name, "%d", pid);
		make_process(name, ROOT);
	}
	opened = listed = 0;
	TRUE(behind_any(two));
	IS(opened, 2);
	IS(listed, 1);
	MUST(umount("/proc") == 0);
}

/* Without procfs nobody is known. */
static void without(void)
{
	const int before = descriptors();

	MUST(mount("dev", "/proc", "tmpfs", 0, "mode=755") == 0);
	MUST(chroot("/proc") == 0);
	FALSE(behind_any(policy(2)));
	IS(descriptors(), before);
}

static void no_procfs(void)
{
	in_child(without);
}

/* -- Processes -- */

static void in_a_world(void)
{
	const struct policy *two = policy(2);
	int ready[2], status;
	char byte;
	pid_t pid;

	MUST(unshare(CLONE_NEWNS) == 0 && mount("proc", "/proc", "proc", 0, NULL) == 0);
	make_dir("/tmp/" ROOT, 0, 0700);
	make_dir("/tmp/" ROOT "/x", 0, 0755);
	make_dir("/tmp/view", 0, 0755);
	FALSE(behind_any(two));
	MUST(pipe2(ready, O_CLOEXEC) == 0 && (pid = fork()) >= 0);
	if (pid == 0) {
		if (unshare(CLONE_NEWNS) == 0 &&
		    mount("/tmp/" ROOT "/x", "/tmp/view", NULL, MS_BIND, NULL) == 0 &&
		    write(ready[1], "x", 1) == 1)
			for (;;)
				pause();
		_exit(1);
	}
	close(ready[1]);
	MUST(read(ready[0], &byte, 1) == 1);
	close(ready[0]);
	TRUE(behind_any(two));
	MUST(kill(pid, SIGKILL) == 0);
	/* Not yet waited for, it has no mounts any more. */
	MUST(waitid(P_PID, (id_t)pid, &(siginfo_t){ 0 }, WEXITED | WNOWAIT) == 0);
	FALSE(behind_any(two));
	MUST(waitpid(pid, &status, 0) == pid);
	FALSE(behind_any(two));
}

static void apart(void)
{
	MUST(unshare(CLONE_NEWPID) == 0);
	in_child(in_a_world);
}

static void processes(void)
{
	in_child(apart);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "texts", texts },
		{ "pieces", pieces },
		{ "short_roots", short_roots },
		{ "names", names },
		{ "many", many },
		{ "no_procfs", no_procfs },
		{ "processes", processes },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
