/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Whether a process is inside the mount door (session/inside.c): by real mounts, and by lists of
 * them. See direct.h.
 */
#include "core/sys.h"

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);
static ssize_t hook_read(int fd, void *buf, size_t size);

#define sys_openat hook_openat
#define sys_read hook_read
#include "session/inside.c"
#undef sys_openat
#undef sys_read

#include "direct.h"

#define ID ".privtmp-AAAAAAAAAAAAAAAAAAAAAA"
#define SECRET "aaaaaaaaaaa"
#define ROOT "/tmp/" ID
#define IN ROOT "/" SECRET "/tmp"
#define IN2 "/var/tmp/" ID "/" SECRET "/var/tmp"
#define VIEW(path) (&(const struct text){ path, sizeof path - 1 })

static const char *list; /* instead of the kernel's */
static size_t piece = SIZE_MAX;

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	IS(strcmp(path, "/proc/self/mountinfo"), 0);
	IS(flags, O_RDONLY | O_CLOEXEC);
	return sys_openat(dirfd, list ? list : path, flags, mode);
}

static ssize_t hook_read(int fd, void *buf, size_t size)
{
	return sys_read(fd, buf, size < piece ? size : piece);
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
	over(ROOT "/aaaaaaaaaa/tmp", "/tmp", false);
	over("/tmp/.privtmp-AAAAAAAAAAAAAAAAAAAAA/" SECRET "/tmp", "/tmp", false);
	over("/tmp/tmp", "/tmp", false);
	/* A guarded directory of which lists write blanks otherwise. */
	make_dir("/var/tmp/a b", 0, 01777);
	over("/var/tmp/" ID "/" SECRET "/var/tmp/a b", "/var/tmp/a b", true);
	over("/var/tmp/" ID "/" SECRET "/var/tmp/a", "/var/tmp/a b", false);
	/* Any of those that are guarded will do. */
	make_dirs(IN2);
	MUST(mount(IN2, "/var/tmp", NULL, MS_BIND, NULL) == 0);
	TRUE(inside_ask(two()));
	MUST(umount("/var/tmp") == 0);
	FALSE(inside_ask(&(const struct policy){ .guards = 0 }));
	FALSE(is_covered(VIEW("/none")));
	IS(descriptors(), before);
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
	/* A line that is not whole. */
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
	/* No list. */
	list = "/tmp/none";
	FALSE(is_mounted(tmp));
	list = NULL;
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "mounts", mounts },
		{ "lists", lists },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
