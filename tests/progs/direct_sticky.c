/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What may be used in a directory of many (route/sticky.c): see direct.h. */
#include "route/sticky.c"

#include "direct.h"
#include <sys/fsuid.h>

static const unsigned kinds[] = { S_IFREG, S_IFDIR, S_IFLNK, S_IFIFO, S_IFSOCK };
static const unsigned ids[] = { 0, ME, OTHER };

/* As proc_sys_fs(5) has it of protected_symlinks, of protected_regular and _fifos at 2. */
static int judged(unsigned kind, unsigned what, unsigned mode, unsigned dir, unsigned me,
		  bool last, bool follows, bool create)
{
	const bool sticky = mode & 01000;

	if (!sticky || what == dir || what == me)
		return 0;
	if (kind == S_IFLNK)
		return (mode & 2) && (follows || !last) ? -EACCES : 0;
	if (kind == S_IFREG || kind == S_IFIFO)
		return (mode & 022) && last && create ? -EACCES : 0;
	return 0;
}

static void judge_as(unsigned me)
{
	for (unsigned n = 0; n < 5 * 3 * 3 * 8 * 8; n++) {
		const unsigned kind = kinds[n % 5], what = ids[n / 5 % 3],
			       of = ids[n / 15 % 3];
		const unsigned bits = n / 45 % 8, how = n / 360;
		const unsigned mode = 0755 | (bits & 1 ? 01000 : 0) |
				      (bits & 2 ? 02 : 0) | (bits & 4 ? 020 : 0);
		const struct statx st = { .stx_mode = (uint16_t)(kind | 0644),
					  .stx_uid = what };
		const struct statx dir = { .stx_mode = (uint16_t)(S_IFDIR | mode),
					   .stx_uid = of };

		IS(sticky_judge(&st, &dir, how & 1, how & 2, how & 4),
		   judged(kind, what, mode, of, me, how & 1, how & 2, how & 4));
	}
}

static void judge_me(void)
{
	become(ME);
	judge_as(ME);
}

/* A thread's user for files, once it has had another. */
static void judge_fsuid(void)
{
	setfsuid(OTHER);
	judge_as(0);
	sticky_by_fsuid = true;
	judge_as(OTHER);
	setfsuid(0);
	judge_as(0);
}

static void judges(void)
{
	judge_as(0);
	in_child(judge_me);
	in_child(judge_fsuid);
}

/* Of /tmp/PATH, which begins below /tmp. */
static int check(const char *path, enum follow follow, bool create)
{
	char whole[PATH_MAX + 8];

	snprintf(whole, sizeof whole, "/tmp/%s", path);
	return sticky_check(whole, strlen(whole), strlen("/tmp/"), follow, create);
}

/* What each way to call follows: without a slash behind, and with one. */
static void check_link(const char *link, int followed)
{
	char slash[64];

	snprintf(slash, sizeof slash, "%s/", link);
	IS(check(link, FOLLOW, false), followed);
	IS(check(link, NOFOLLOW, false), 0);
	IS(check(link, PARENT, false), 0);
	IS(check(link, CREATE, false), followed);
	IS(check(slash, FOLLOW, false), followed);
	IS(check(slash, NOFOLLOW, false), followed);
	IS(check(slash, PARENT, false), 0);
	IS(check(slash, CREATE, false), 0);
}

static void checks_as_me(void)
{
	static char longest[PATH_MAX + 8];

	become(ME);
	/* Files are used, and created where they are one's own. */
	for (int create = 0; create < 2; create++) {
		IS(check("mine", FOLLOW, create), 0);
		IS(check("roots", FOLLOW, create), 0);
		IS(check("others", FOLLOW, create), create ? -EACCES : 0);
		IS(check("dir", FOLLOW, create), 1);
		IS(check("dir/", FOLLOW, create), 1);
		IS(check("dir/file", FOLLOW, create), 0);
		IS(check("dir//sub", FOLLOW, create), 1);
		IS(check("dir/sticky/others", FOLLOW, create), create ? -EACCES : 0);
		IS(check("dir//sticky//others", FOLLOW, create), create ? -EACCES : 0);
		IS(check("dir/plain/others", FOLLOW, create), 0);
		IS(check("none", FOLLOW, create), 0);
		IS(check("none/others", FOLLOW, create), 0);
		IS(check("mine/others", FOLLOW, create), 0);
		/* On the way there is a link. */
		IS(check("roots-link/others", FOLLOW, create), create ? -EACCES : 0);
		IS(check("roots-link/sub", FOLLOW, create), 1);
		IS(check("my-link/others", FOLLOW, create), create ? -EACCES : 0);
		IS(check("others-link/others", FOLLOW, create), -EACCES);
		IS(check("others-link/none", PARENT, create), -EACCES);
		IS(check("dangling/others", FOLLOW, create), 0);
		IS(check("to-plain/others", FOLLOW, create), 0);
		IS(check("to-file/others", FOLLOW, create), 0);
	}
	check_link("others-link", -EACCES);
	check_link("others-file-link", -EACCES);
	check_link("my-link", 0);
	check_link("roots-link", 0);
	/* Where the shared directory is not sticky, there is no protection. */
	IS(sticky_check("/tmp/dir/plain/others-link", 26, 15, FOLLOW, false), 0);
	IS(sticky_check("/tmp/dir/sticky/others-link", 27, 16, FOLLOW, false), -EACCES);
	IS(sticky_check("/tmp/none/sticky/others-link", 28, 10, FOLLOW, false), 0);
	/* What no call takes. */
	memset(longest, '/', sizeof longest);
	memcpy(longest, "/tmp/", 5);
	memcpy(longest + PATH_MAX - 6, "others", 7);
	IS(sticky_check(longest, PATH_MAX, 5, FOLLOW, true), 0);
	memmove(longest + PATH_MAX - 7, "others", 7);
	IS(sticky_check(longest, PATH_MAX - 1, 5, FOLLOW, true), -EACCES);
}

static void checks(void)
{
	make_file("/tmp/mine", ME, 0644);
	make_file("/tmp/roots", 0, 0666);
	make_file("/tmp/others", OTHER, 0666);
	make_dir("/tmp/dir", ME, 0755);
	make_file("/tmp/dir/file", OTHER, 0644);
	make_dir("/tmp/dir/sub", ME, 0755);
	make_dir("/tmp/dir/sticky", 0, 01777);
	make_file("/tmp/dir/sticky/others", OTHER, 0666);
	make_link("others", "/tmp/dir/sticky/others-link", OTHER);
	make_dir("/tmp/dir/plain", ME, 0777);
	make_file("/tmp/dir/plain/others", OTHER, 0666);
	make_link("others", "/tmp/dir/plain/others-link", OTHER);
	make_dir("/tmp/dir/sticky/sub", 0, 0755);
	make_link("dir/sticky", "/tmp/roots-link", 0);
	make_link("dir/sticky", "/tmp/my-link", ME);
	make_link("dir/sticky", "/tmp/others-link", OTHER);
	make_link("mine", "/tmp/others-file-link", OTHER);
	make_link("none", "/tmp/dangling", ME);
	make_link("dir/plain", "/tmp/to-plain", ME);
	make_link("mine", "/tmp/to-file", ME);
	in_child(checks_as_me);
}

/* -- Hard links: as the kernel's own restriction has it -- */

static int source(const char *path)
{
	const int fd = open(path, O_PATH | O_NOFOLLOW | O_CLOEXEC);
	struct statx st;
	int ret;

	MUST(fd >= 0 && sys_statx(fd, "", AT_EMPTY_PATH, &st) == 0);
	ret = sticky_source(fd, &st);
	close(fd);
	return ret;
}

static void sources_as_me(void)
{
	become(ME);
	IS(source("/tmp/mine"), 0);
	IS(source("/tmp/my-suid"), 0);
	IS(source("/tmp/open"), 0);
	IS(source("/tmp/readable"), -EPERM);
	IS(source("/tmp/writable"), -EPERM);
	IS(source("/tmp/suid"), -EPERM);
	IS(source("/tmp/sgid"), -EPERM);
	IS(source("/tmp/sgid-only"), 0);
	IS(source("/tmp/exec-group"), 0);
	IS(source("/tmp/link"), -EPERM);
	IS(source("/tmp/fifo"), -EPERM);
}

static void sources_by_fsuid(void)
{
	setfsuid(ME);
	IS(source("/tmp/suid"), 0);
	sticky_by_fsuid = true;
	IS(source("/tmp/suid"), -EPERM);
	IS(source("/tmp/my-suid"), 0);
	/* Asking has changed nothing. */
	IS(setfsuid(~0u), ME);
}

static void sources(void)
{
	make_file("/tmp/mine", ME, 0);
	make_file("/tmp/my-suid", ME, 04755);
	make_file("/tmp/open", OTHER, 0666);
	make_file("/tmp/readable", OTHER, 0664);
	make_file("/tmp/writable", OTHER, 0662);
	make_file("/tmp/suid", OTHER, 04666);
	make_file("/tmp/sgid", OTHER, 02676);
	make_file("/tmp/sgid-only", OTHER, 02666);
	make_file("/tmp/exec-group", OTHER, 0676);
	make_link("open", "/tmp/link", OTHER);
	MUST(mkfifo("/tmp/fifo", 0666) == 0 && chmod("/tmp/fifo", 0666) == 0 &&
	     chown("/tmp/fifo", OTHER, OTHER) == 0);
	IS(source("/tmp/readable"), 0);
	IS(source("/tmp/suid"), 0);
	in_child(sources_as_me);
	in_child(sources_by_fsuid);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "judges", judges },
		{ "checks", checks },
		{ "sources", sources },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
