/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a process is inside the mount door (session/inside.c): by real mounts, and by lists of
 * them. See direct.h.
 */
#include "core/sys.h"
#include "core/valgrind.h"
#include "session/inside.h"
#include "session/root_name.h"

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);
static ssize_t hook_read(int fd, void *buf, size_t size);
static int hook_statx(int dirfd, const char *path, int flags, struct statx *out);
static long hook_new_statx(int dirfd, const char *path, int flags, unsigned mask,
			   struct statx *out);
static bool hook_valgrind(void);
static long hook_statmount(const void *wanted, void *out, size_t size, long flags);

#define sys_openat hook_openat
#define sys_read hook_read
#define sys_statx hook_statx
#undef SYS4
#define SYS4(number, wanted, out, size, flags) hook_statmount(wanted, out, size, flags)
#undef SYS5
#define SYS5(number, dirfd, path, flags, mask, out) \
	hook_new_statx(dirfd, path, flags, mask, out)
#define valgrind_runs hook_valgrind
#include "session/inside.c"
#undef sys_openat
#undef sys_read
#undef sys_statx

#include "direct.h"
#include <sys/syscall.h>

#define ID ".privtmp-AAAAAAAAAAAAAAAAAAAAAA"
#define SECRET "aaaaaaaaaaa"
#define ROOT "/tmp/" ID
#define IN ROOT "/" SECRET "/tmp"
#define IN2 "/var/tmp/" ID "/" SECRET "/var/tmp"
#define VIEW(path) (&(const struct text){ path, sizeof path - 1 })

/* What a kernel does not tell, and how often it was asked. */
static struct {
	bool no_statmount, no_unique, no_root; /* not there yet */
	bool valgrind;			       /* runs, and knows no new calls */
	uint64_t number; /* of the directory, where it is not its own */
	unsigned asked, listed;
	const char *told; /* by statmount(2), as what is mounted there; at TOLD_AT */
	uint32_t told_at;
} kernel;

static const char *list; /* instead of the kernel's */
static size_t piece = SIZE_MAX;

static bool hook_valgrind(void)
{
	return kernel.valgrind;
}

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	kernel.listed++;
	IS(strcmp(path, "/proc/self/mountinfo"), 0);
	IS(flags, O_RDONLY | O_CLOEXEC);
	IS(mode, 0);
	return sys_openat(dirfd, list ? list : path, flags, mode);
}

static ssize_t hook_read(int fd, void *buf, size_t size)
{
	return sys_read(fd, buf, size < piece ? size : piece);
}

/* -- What older kernels do not tell -- */

static int seen(int ret, struct statx *st)
{
	if (ret < 0)
		return ret;
	if (kernel.no_root) {
		st->stx_attributes_mask &= ~(uint64_t)STATX_ATTR_MOUNT_ROOT;
		st->stx_attributes &= ~(uint64_t)STATX_ATTR_MOUNT_ROOT;
	}
	if (kernel.no_unique)
		st->stx_mask &= ~(unsigned)MNT_ID_UNIQUE;
	if (kernel.number)
		st->stx_ino = kernel.number;
	return 0;
}

static int hook_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	IS(flags, 0);
	return seen(sys_statx(dirfd, path, flags, out), out);
}

static long hook_new_statx(int dirfd, const char *path, int flags, unsigned mask,
			   struct statx *out)
{
	IS(flags, 0);
	if (kernel.no_unique)
		return -EINVAL;
	return seen(syscall(SYS_statx, dirfd, path, 0, mask, out) < 0 ? -errno : 0, out);
}

static long hook_statmount(const void *wanted, void *out, size_t size, long flags)
{
	struct mount_answer *answer = out;
	const uint32_t at = kernel.told_at;

	kernel.asked++;
	IS(flags, 0);
	IS(size, sizeof *answer);
	if (kernel.no_statmount)
		return -ENOSYS;
	if (!kernel.told)
		return syscall(SYS_statmount, wanted, out, size, flags) < 0 ? -errno : 0;
	memset(answer, 'x', sizeof *answer);
	answer->told.root = at;
	if (at < sizeof answer->text)
		strncpy(answer->text + at, kernel.told, sizeof answer->text - at);
	return 0;
}

/* -- Mounts -- */

static const struct policy *two(void)
{
	static struct policy policy = { .guards = 2 };

	policy.guard[0].view = *VIEW("/tmp");
	policy.guard[1].view = *VIEW("/var/tmp");
	return &policy;
}

static void make_dirs(const char *path)
{
	char part[PATH_MAX];

	for (const char *at = path; (at = strchr(at + 1, '/'));) {
		snprintf(part, sizeof part, "%.*s", (int)(at - path), path);
		make_dir(part, 0, 0755);
	}
	make_dir(path, 0, 0755);
}

/* What is said of FROM, mounted over VIEW: by the call for it, and by the list. */
static void over(const char *from, const char *view, bool want)
{
	const struct text text = { view, strlen(view) };
	const struct policy one = { .guards = 1, .guard = { { .view = text } } };

	make_dirs(from);
	MUST(mount(from, view, NULL, MS_BIND, NULL) == 0);
	IS(inside_ask(&one), want);
	IS(is_covered(&text), want);
	IS(is_mounted(&text), want);
	/* What was mounted over that is what a path meets. */
	MUST(mount("tmp", view, "tmpfs", 0, NULL) == 0);
	IS(inside_ask(&one), false);
	IS(is_mounted(&text), false);
	MUST(umount(view) == 0);
	IS(inside_ask(&one), want);
	MUST(umount(view) == 0);
	IS(inside_ask(&one), false);
	IS(is_mounted(&text), false);
}

static void mounts(void)
{
	const int before = descriptors();

	/* A file system of its own is none. */
	FALSE(inside_ask(two()));
	over(IN, "/tmp", true);
	over(IN2, "/var/tmp", true);
	/* Others' backings, and what only looks like one. */
	over("/tmp/" ID "/" SECRET "/var/tmp", "/tmp", false);
	over(ROOT, "/tmp", false);
	over(ROOT "/" SECRET, "/tmp", false);
	over(ROOT "/" SECRET "/tmp/tmp", "/tmp", false);
	over(ROOT "/" SECRET "/x/tmp", "/tmp", false);
	over(ROOT "/" SECRET "/xtmp", "/tmp", false);
	over(ROOT "/" SECRET "/abc", "/tmp", false);
	over(ROOT "/aaaaaaaaaa/tmp", "/tmp", false);
	over("/tmp/.privtmp-AAAAAAAAAAAAAAAAAAAAA/" SECRET "/tmp", "/tmp", false);
	over("/tmp/tmp", "/tmp", false);
	/* A guarded directory of which lists write blanks otherwise. */
	make_dir("/var/tmp/a b", 0, 01777);
	over("/var/tmp/" ID "/" SECRET "/var/tmp/a b", "/var/tmp/a b", true);
	over("/var/tmp/" ID "/" SECRET "/var/tmp/a", "/var/tmp/a b", false);
	/* As long as one may be. */
	char view[POLICY_PATH + 1] = "/tmp/", from[PATH_MAX];

	for (size_t i = strlen(view); i < POLICY_PATH; i++)
		view[i] = i % 200 ? 'n' : '/';
	view[POLICY_PATH] = '\0';
	make_dirs(view);
	snprintf(from, sizeof from, "%s/%s%s", ROOT, SECRET, view);
	over(from, view, true);
	/* Any of those that are guarded will do. */
	make_dirs(IN2);
	MUST(mount(IN2, "/var/tmp", NULL, MS_BIND, NULL) == 0);
	TRUE(inside_ask(two()));
	MUST(umount("/var/tmp") == 0);
	FALSE(inside_ask(&(const struct policy){ .guards = 0 }));
	FALSE(is_covered(VIEW("/none")));
	IS(descriptors(), before);
}

/* A backing over /tmp, or another directory; by each kernel. */
static void by_kernels(bool want)
{
	const struct text *const tmp = VIEW("/tmp");

	for (unsigned lacks = 0; lacks < 8; lacks++) {
		memset(&kernel, 0, sizeof kernel);
		kernel.no_statmount = lacks & 1;
		kernel.no_unique = lacks & 2;
		kernel.no_root = lacks & 4;
		IS(is_covered(tmp), want);
		/* The list is read where the kernel does not say it in a call. */
		IS(kernel.asked, !kernel.no_unique);
		IS(kernel.listed, kernel.no_statmount || kernel.no_unique);
	}
	memset(&kernel, 0, sizeof kernel);
}

static void kernels(void)
{
	const struct text *const tmp = VIEW("/tmp");
	static const char ours[] = "/" ID "/" SECRET "/tmp";
	const uint32_t room = sizeof((struct mount_answer *)NULL)->text;
	char long_view[POLICY_PATH + 8];

	memset(&kernel, 0, sizeof kernel);
	/* The root of a file system is asked no more, nor what is no mount point. */
	FALSE(is_covered(tmp));
	IS(kernel.asked + kernel.listed, 0);
	/* Not with the number that the top of some file systems has. */
	make_dir("/tmp/first", 0, 0755);
	make_dir("/tmp/second", 0, 0755);
	make_dir("/tmp/plain", 0, 0755);
	FALSE(is_covered(VIEW("/tmp/plain")));
	FALSE(is_covered(VIEW("/tmp/none")));
	IS(kernel.asked + kernel.listed, 0);
	make_dirs(IN);
	make_dirs("/tmp/other/tmp");
	MUST(mount(IN, "/tmp", NULL, MS_BIND, NULL) == 0);
	by_kernels(true);
	kernel.valgrind = true;
	TRUE(is_covered(tmp));
	IS(kernel.asked, 0);
	IS(kernel.listed, 1);
	memset(&kernel, 0, sizeof kernel);
	/* The top of a file system is no backing. */
	for (kernel.number = 1; kernel.number <= FS_ROOT + 1; kernel.number++)
		IS(is_covered(tmp), kernel.number > FS_ROOT);
	IS(kernel.asked, 1);
	memset(&kernel, 0, sizeof kernel);
	/* What is told, wherever it stands, and what is out of the buffer. */
	kernel.told = ours;
	for (kernel.told_at = 0; kernel.told_at < room + 3; kernel.told_at++) {
		const bool whole = kernel.told_at + strlen(ours) < room;

		kernel.listed = 0;
		TRUE(kernel.told_at < room && !whole ? !is_covered(tmp) :
						       is_covered(tmp));
		IS(kernel.listed, kernel.told_at >= room);
	}
	MUST(umount("/tmp") == 0);
	memset(&kernel, 0, sizeof kernel);
	MUST(mount("/tmp/other/tmp", "/tmp", NULL, MS_BIND, NULL) == 0);
	by_kernels(false);
	MUST(umount("/tmp") == 0);
	/* A path for which there is no room. */
	memset(long_view, '/', sizeof long_view);
	FALSE(is_covered(&(const struct text){ long_view, POLICY_PATH + 1 }));
	FALSE(is_covered(&(const struct text){ long_view, POLICY_PATH }));
}

/* -- Lists -- */

static void write_list(const char *text)
{
	const int fd = open("/tmp/list", O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600);

	MUST(fd >= 0 && write(fd, text, strlen(text)) == (ssize_t)strlen(text));
	close(fd);
	list = "/tmp/list";
}

static bool says(const char *text, const struct text *view)
{
	const int before = descriptors();
	bool found;

	write_list(text);
	found = is_mounted(view);
	IS(descriptors(), before);
	return found;
}

#define LINE(root, point) "36 35 98:0 " root " " point " rw,noatime - tmpfs tmp rw\n"
#define OURS LINE("/" ID "/" SECRET "/tmp", "/tmp")
#define OTHERS LINE("/x", "/y")

static void lists(void)
{
	const struct text *const tmp = VIEW("/tmp");
	char text[4 * FIELD_MAX], name[2 * FIELD_MAX];

	for (piece = 1; piece < 80; piece++) {
		TRUE(says(OURS, tmp));
		TRUE(says(OTHERS OURS OTHERS, tmp));
		FALSE(says(OTHERS, tmp));
	}
	piece = SIZE_MAX;
	FALSE(says("", tmp));
	FALSE(says("\n\n \n", tmp));
	TRUE(says("\n\n \n" OURS, tmp));
	FALSE(says(OURS, VIEW("/tm")));
	FALSE(says(OURS, VIEW("/tmp/x")));
	FALSE(says(OURS, VIEW("/tnp")));
	/* The last one counts. */
	FALSE(says(OURS LINE("/", "/tmp"), tmp));
	TRUE(says(LINE("/", "/tmp") OURS, tmp));
	/* Over another one. */
	FALSE(says(LINE("/" ID "/" SECRET "/tmp", "/tnp"), tmp));
	FALSE(says(LINE("/" ID "/" SECRET "/tmp", "/tmp/x"), tmp));
	/* A line that is not whole. */
	FALSE(says("36 35 98:0 /" ID "/" SECRET "/tmp /tmp\n", tmp));
	TRUE(says("36 35 98:0 /" ID "/" SECRET "/tmp /tmp \n", tmp));
	FALSE(says("36 35 98:0 /" ID "/" SECRET "/tmp /tmp", tmp));
	FALSE(says("36 35 98:0 /" ID "/" SECRET "/tmp\n", VIEW("")));
	/* Blanks, and what is no blank. */
	TRUE(says(LINE("/" ID "/" SECRET "/a\\040b", "/a\\040b"), VIEW("/a b")));
	TRUE(says(LINE("/" ID "/" SECRET "/a\\011\\012\\134b", "/a\\011\\012\\134b"),
		  VIEW("/a\t\n\\b")));
	TRUE(says(LINE("/" ID "/" SECRET "/a\\172", "/a\\172"), VIEW("/az")));
	TRUE(says(LINE("/" ID "/" SECRET "/a\\04", "/a\\04"), VIEW("/a\\04")));
	FALSE(says(LINE("/" ID "/" SECRET "/a\\040b", "/a\\040b"), VIEW("/a\\040b")));
	/* As long as there is room, and longer. */
	for (size_t n = FIELD_MAX - 45; n < FIELD_MAX + 3; n++) {
		const struct text view = { name, n };
		const bool fits = strlen("/" ID "/" SECRET) + n <= FIELD_MAX;

		memset(name, 'n', n);
		name[0] = '/';
		snprintf(text, sizeof text,
			 "36 35 98:0 /" ID "/" SECRET "%.*s %.*s rw -\n" OTHERS, (int)n,
			 name, (int)n, name);
		IS(says(text, &view), fits);
		/* The next one is not longer for it. */
		strcat(text, OURS);
		TRUE(says(text, tmp));
	}
	/* What is cut off is no end. */
	const struct text most = { name, FIELD_MAX - strlen("/" ID "/" SECRET) };

	snprintf(text, sizeof text, "36 35 98:0 /" ID "/" SECRET "%.*s/x %.*s rw -\n",
		 (int)most.len, name, (int)most.len, name);
	FALSE(says(text, &most));
	/* No list. */
	list = "/tmp/none";
	FALSE(is_mounted(tmp));
	list = NULL;
}

/* Nothing is read before a name that is shorter. */
static void short_names(void)
{
	char *root = malloc(4);

	MUST(root);
	memcpy(root, "/tmp", 4);
	for (size_t len = 0; len <= 4; len++)
		FALSE(is_backing(root, len, VIEW("/tmp")));
	free(root);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "mounts", mounts }, { "kernels", kernels },
		{ "lists", lists },   { "short_names", short_names },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
