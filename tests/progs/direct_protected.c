/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Walks where others can put links (route/walk_protected.c): what is refused, and what is held,
 * so that nobody comes in between. See direct.h.
 */
#include "core/sys.h"
#include "direct.h"

static int hook_openat(int dirfd, const char *path, int flags, unsigned mode);
static int hook_statx(int dirfd, const char *path, int flags, struct statx *out);

#define sys_openat hook_openat
#define sys_statx hook_statx
#include "route/walk_protected.c"
#undef sys_openat
#undef sys_statx

#include "direct_view.h"
#include <sys/fsuid.h>

static int gone;	  /* how often what is opened is no more */
static const char *stuck; /* a name that cannot be opened; */
static bool blind;	  /* what is open cannot be looked at: by EIO */

/* All is opened to be held alone, and for no other program. */
static int hook_openat(int dirfd, const char *path, int flags, unsigned mode)
{
	IS(flags & (O_PATH | O_CLOEXEC), O_PATH | O_CLOEXEC);
	IS(mode, 0);
	if (gone && gone--)
		return -ENOENT;
	return stuck && !strcmp(path, stuck) ? -EIO :
					       sys_openat(dirfd, path, flags, mode);
}

static int hook_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	return blind && !*path ? -EIO : sys_statx(dirfd, path, flags, out);
}

static void ends(void)
{
	static const struct {
		const char *path;
		size_t last, end;
	} table[] = {
		{ "/a/b", 3, 4 },   { "/a/b/", 3, 4 },	 { "/a/b//", 3, 4 },
		{ "/a/b/.", 3, 4 }, { "/a/b//.", 3, 4 }, { "/a", 1, 2 },
		{ "/a/", 1, 2 },    { "/", 1, 1 },	 { "//", 1, 1 },
		{ "a", 0, 1 },	    { "a/", 0, 1 },	 { "a.", 0, 2 },
		{ "/a/b.", 3, 5 },  { "/a/..", 3, 5 },	 { "./", 0, 1 },
		{ "/.", 1, 2 },	    { "/a./", 1, 3 },
	};
	size_t end;

	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		IS(last_of(table[i].path, strlen(table[i].path), &end), table[i].last);
		IS(end, table[i].end);
	}
	for (int slash = 0; slash < 2; slash++) {
		IS(walk_follows(FOLLOW, slash), true);
		IS(walk_follows(NOFOLLOW, slash), slash);
		IS(walk_follows(CREATE, slash), !slash);
		IS(walk_follows(PARENT, slash), false);
	}
}

/* -- A session with another user in it -- */

static struct walk *walk;

static void begin(void)
{
	int error;

	begin_view();
	pt_view.mixed = true;
	view_flags[0] = LINKS_ACROSS | LINKS_MIXED;
	/* What is open is found by everybody. */
	MUST(chmod(ROOT, 0755) == 0 && chmod(ROOT2, 0755) == 0);
	make_file(IN "/mine", ME, 0644);
	make_file(IN "/others", OTHER, 0666);
	make_file(IN "/others-shut", OTHER, 0644);
	make_dir(IN "/dir", ME, 0755);
	make_file(IN "/dir/file", OTHER, 0644);
	make_link("file", IN "/dir/link", OTHER);
	make_dir(IN "/dir/sticky", 0, 01777);
	make_file(IN "/dir/sticky/others", OTHER, 0666);
	make_link("mine", IN "/my-link", ME);
	make_link("mine", IN "/others-link", OTHER);
	make_link("dir", IN "/my-dir", ME);
	make_link("dir", IN "/others-dir", OTHER);
	make_dir(OUT "/x", 0, 01777);
	make_link("x", OUT "/x/link", OTHER);
	if (!walk)
		MUST((walk = walk_begin(&error)) != NULL);
}

static int go(int dirfd, const char *path, enum follow follow)
{
	return walk_path(walk, dirfd, path, strlen(path), follow);
}

/* What walk_judge says of it. */
static int judge(const char *path, enum follow follow, unsigned intent)
{
	char kept[256];
	int ret = go(AT_FDCWD, path, follow);

	if (ret < 0)
		return ret;
	snprintf(kept, sizeof kept, "%s", walk_view(walk));
	ret = walk_judge(walk, follow, intent);
	IS(strcmp(kept, walk_view(walk)), 0);
	IS(strlen(kept), walk->len);
	return ret;
}

static void judges_as_me(void)
{
	become(ME);
	for (unsigned create = 0; create <= ROUTE_CREATE; create += ROUTE_CREATE) {
		const int no = create ? -EACCES : 0;

		IS(judge("/tmp/mine", FOLLOW, create), 0);
		IS(judge("/tmp/others", FOLLOW, create), no);
		IS(judge("/tmp/others", CREATE, create), no);
		IS(judge("/tmp/dir", FOLLOW, create), 1);
		IS(judge("/tmp/dir/", FOLLOW, create), 1);
		IS(judge("/tmp/dir/.", FOLLOW, create), 1);
		IS(judge("/tmp/dir/file", FOLLOW, create), 0);
		IS(judge("/tmp/dir/sticky/others", FOLLOW, create), no);
		IS(judge("/tmp/none", FOLLOW, create), 0);
		IS(judge("/tmp/none/others", FOLLOW, create), 0);
		IS(judge("/tmp", FOLLOW, create), 1);
		IS(judge("/", FOLLOW, create), 1);
		IS(judge("/mnt", FOLLOW, create), 1);
	}
	/* A link at the end that is not followed is no matter. */
	IS(judge("/tmp/others-link", NOFOLLOW, 0), 0);
	IS(judge("/tmp/others-link", PARENT, 0), 0);
	/* On the way, and at an end that is. */
	IS(judge("/tmp/my-link", FOLLOW, 0), 0);
	IS(judge("/tmp/my-dir", FOLLOW, 0), 1);
	IS(judge("/tmp/my-dir/sticky/others", FOLLOW, ROUTE_CREATE), -EACCES);
	IS(judge("/tmp/others-link", FOLLOW, 0), -EACCES);
	IS(judge("/tmp/others-dir/file", FOLLOW, 0), -EACCES);
	IS(judge("/tmp/others-dir/", NOFOLLOW, 0), -EACCES);
	IS(judge("/tmp/dir/link", FOLLOW, 0), 0);
	/* From the working directory. */
	MUST(chdir(IN) == 0);
	IS(judge("others", FOLLOW, ROUTE_CREATE), -EACCES);
	IS(judge("mine", FOLLOW, ROUTE_CREATE), 0);
	IS(judge("dir/sticky/others", FOLLOW, ROUTE_CREATE), -EACCES);
	IS(judge("others-link", FOLLOW, 0), -EACCES);
	IS(judge("my-dir/sticky/others", FOLLOW, ROUTE_CREATE), -EACCES);
	MUST(chdir(IN "/dir/sticky") == 0);
	IS(judge("others", FOLLOW, ROUTE_CREATE), -EACCES);
	IS(judge("../../others", FOLLOW, ROUTE_CREATE), -EACCES);
	IS(judge("../../others-link", FOLLOW, 0), -EACCES);
	IS(judge(".", FOLLOW, ROUTE_CREATE), 1);
	IS(judge("./", FOLLOW, ROUTE_CREATE), 1);
	IS(judge("..", FOLLOW, ROUTE_CREATE), 1);
}

/* Links are judged where somebody else can put them. */
static void places_as_me(void)
{
	become(ME);
	/* Outside of what is guarded the kernel decides. */
	IS(judge("/mnt/x/link", FOLLOW, 0), 0);
	/* A link that goes between two looks. */
	gone = 1;
	IS(judge("/tmp/my-link", FOLLOW, 0), -ENOENT);
	blind = true;
	IS(judge("/tmp/my-link", FOLLOW, 0), -EIO);
	blind = false;
	pt_view.mixed = false;
	IS(judge("/tmp/others-link", FOLLOW, 0), 0);
	IS(judge(IN "/others-link", FOLLOW, 0), 0);
	IS(judge("/tmp/s/others-link", FOLLOW, 0), -EACCES);
	IS(judge("/tmp/s/my-link", FOLLOW, 0), 0);
	IS(judge("/tmp/s/sub/others-link", FOLLOW, 0), 0);
	IS(judge("/tmp/s/others", FOLLOW, ROUTE_CREATE), -EACCES);
	/* A start in the shared directory itself. */
	IS(go(open("/tmp", O_PATH | O_DIRECTORY), "s/others-link", FOLLOW), -EACCES);
	MUST(chdir("/tmp/planted") == 0);
	IS(go(AT_FDCWD, "others-link", FOLLOW), -EACCES);
	IS(go(AT_FDCWD, "my-link", FOLLOW), 0);
}

static void judges(void)
{
	begin();
	in_child(judges_as_me);
	make_dir("/tmp/s", 0, 01777);
	make_dir("/tmp/s/sub", ME, 0755);
	make_file("/tmp/s/mine", ME, 0644);
	make_file("/tmp/s/others", OTHER, 0644);
	make_link("mine", "/tmp/s/my-link", ME);
	make_link("mine", "/tmp/s/others-link", OTHER);
	make_link("../mine", "/tmp/s/sub/others-link", OTHER);
	make_dir("/tmp/planted", 0, 01777);
	make_file("/tmp/planted/mine", ME, 0644);
	make_link("mine", "/tmp/planted/my-link", ME);
	make_link("mine", "/tmp/planted/others-link", OTHER);
	/* So that a walk goes by the backing's own name. */
	make_dir(PREFIX ROOT, 0, 0755);
	make_dir(PREFIX PREFIX, 0, 0755);
	make_dir(PREFIX IN, 0, 0755);
	in_child(places_as_me);
}

/* -- What is held -- */

static ino_t inode(const char *path)
{
	struct stat st;

	MUST(lstat(path, &st) == 0);
	return st.st_ino;
}

/* Its error, or 0 with what the path then leads to: WANT, or nothing (NULL). */
static int pin_now(enum follow follow, unsigned intent, const char *want, bool last_link)
{
	const char *path;
	const int before = descriptors();
	int fd = walk_pin(walk, follow, intent, &path);
	struct stat st;
	char name[64];

	if (fd < 0) {
		IS(descriptors(), before);
		return fd;
	}
	IS(descriptors(), before + 1);
	TRUE(fd >= SYS_APART);
	IS(fcntl(fd, F_GETFD), FD_CLOEXEC);
	/* What a call follows is the descriptor itself, whatever has its name. */
	if (want && follow == FOLLOW) {
		snprintf(name, sizeof name, "/proc/self/fd/%d", fd);
		IS(strncmp(path, name, strlen(name)), 0);
		IS(strspn(path + strlen(name), "/."), strlen(path + strlen(name)));
	}
	IS((last_link ? lstat : stat)(path, &st), want ? 0 : -1);
	if (want && st.st_ino != inode(want)) {
		fprintf(stderr, "%s is not %s\n", path, want);
		IS(st.st_ino, inode(want));
	}
	close(fd);
	return 0;
}

static int pin(const char *path, enum follow follow, unsigned intent, const char *want)
{
	int ret = go(AT_FDCWD, path, follow);

	return ret < 0 ? ret :
			 pin_now(follow, intent, want,
				 follow == NOFOLLOW || follow == PARENT);
}

static void pins_as_me(void)
{
	static char name[NAME_MAX + 16];

	become(ME);
	IS(pin("/tmp/mine", FOLLOW, 0, IN "/mine"), 0);
	IS(pin("/tmp/mine", NOFOLLOW, 0, IN "/mine"), 0);
	IS(pin("/tmp/mine", PARENT, 0, IN "/mine"), 0);
	IS(pin("/tmp/dir", FOLLOW, 0, IN "/dir"), 0);
	IS(pin("/tmp/dir/", FOLLOW, 0, IN "/dir"), 0);
	IS(pin("/tmp/dir/", NOFOLLOW, 0, IN "/dir"), 0);
	IS(pin("/tmp/dir//", NOFOLLOW, 0, IN "/dir"), 0);
	IS(pin("/tmp/dir/.", NOFOLLOW, 0, IN "/dir"), 0);
	IS(pin("/tmp/dir/file", FOLLOW, 0, IN "/dir/file"), 0);
	IS(pin("/tmp/dir//sticky/others", FOLLOW, 0, IN "/dir/sticky/others"), 0);
	IS(pin("/tmp", FOLLOW, 0, IN), 0);
	IS(pin("/tmp/", FOLLOW, 0, IN), 0);
	IS(pin("/tmp/my-link", FOLLOW, 0, IN "/mine"), 0);
	IS(pin("/tmp/my-link", NOFOLLOW, 0, IN "/my-link"), 0);
	IS(pin("/tmp/my-dir/file", FOLLOW, 0, IN "/dir/file"), 0);
	IS(pin("/tmp/others-link", NOFOLLOW, 0, IN "/others-link"), 0);
	IS(pin("/tmp/others-link", FOLLOW, 0, NULL), -EACCES);
	IS(pin("/tmp/none", FOLLOW, 0, NULL), 0);
	IS(pin("/tmp/none", CREATE, ROUTE_CREATE, NULL), 0);
	IS(pin("/tmp/dir/none", CREATE, ROUTE_CREATE, NULL), 0);
	IS(pin("/tmp/none/x", FOLLOW, 0, NULL), -ENOENT);
	IS(pin("/tmp/mine/x", FOLLOW, 0, NULL), -ENOTDIR);
	IS(pin("/tmp/none/../mine", FOLLOW, 0, NULL), -ENOENT);
	IS(pin("/tmp/others", CREATE, ROUTE_CREATE, NULL), -EACCES);
	TRUE(walk->refused);
	IS(pin("/tmp/others", CREATE, 0, IN "/others"), 0);
	FALSE(walk->refused);
	IS(pin("/tmp/dir/sticky/others", CREATE, ROUTE_CREATE, NULL), -EACCES);
	IS(pin("/tmp/others-shut", NOFOLLOW, ROUTE_LINK, NULL), -EPERM);
	IS(pin("/tmp/others", CREATE, ROUTE_CREATE | ROUTE_LINK, NULL), -EACCES);
	IS(pin("/tmp/others", NOFOLLOW, ROUTE_LINK, IN "/others"), 0);
	IS(pin("/tmp/mine", NOFOLLOW, ROUTE_LINK, IN "/mine"), 0);
	IS(pin("/tmp/none/x/y", FOLLOW, 0, NULL), -ENOENT);
	FALSE(walk->refused);
	/* What cannot be held is not there for the call, either. */
	stuck = "mine";
	IS(pin("/tmp/mine", FOLLOW, 0, NULL), -EIO);
	stuck = NULL;
	/* Names of each length. */
	memcpy(name, "/tmp/", 5);
	memset(name + 5, 'n', NAME_MAX + 1);
	IS(pin(name, CREATE, ROUTE_CREATE, NULL), -ENAMETOOLONG);
	memcpy(name + 5 + NAME_MAX + 1, "/x", 3);
	IS(pin(name, CREATE, ROUTE_CREATE, NULL), -ENAMETOOLONG);
	memcpy(name + 5 + NAME_MAX, "/x", 3);
	IS(pin(name, CREATE, ROUTE_CREATE, NULL), -ENOENT);
	name[5 + NAME_MAX] = '\0';
	IS(pin(name, CREATE, ROUTE_CREATE, NULL), 0);
	/* From a directory. */
	MUST(chdir(IN "/dir") == 0);
	IS(pin("file", FOLLOW, 0, IN "/dir/file"), 0);
	IS(pin(".", FOLLOW, 0, IN "/dir"), 0);
	IS(pin("sticky/others", CREATE, ROUTE_CREATE, NULL), -EACCES);
	IS(pin("../mine", FOLLOW, 0, IN "/mine"), 0);
	IS(pin("../dir/file", FOLLOW, 0, IN "/dir/file"), 0);
	IS(pin("../others", CREATE, ROUTE_CREATE, NULL), -EACCES);
	IS(pin("none", CREATE, ROUTE_CREATE, NULL), 0);
	/* By a magic link. */
	IS(pin("/proc/self/cwd/file", FOLLOW, 0, IN "/dir/file"), 0);
	IS(pin("/proc/self/cwd/sticky/others", CREATE, ROUTE_CREATE, NULL), -EACCES);
	IS(pin("/proc/self/cwd/../mine", FOLLOW, 0, IN "/mine"), 0);
	IS(pin("/proc/self/cwd/", FOLLOW, 0, IN "/dir"), 0);
}

/* What is put there between the walk and the call. */
static void races_as_me(void)
{
	const char *path;
	char long_name[64];
	int fd, file;

	become(ME);
	umask(0);
	MUST(mkdir(IN "/dir/d", 0777) == 0);
	close(open(IN "/dir/d/f", O_CREAT | O_WRONLY, 0644));
	/* A link of one's own at the end: to be walked again. */
	IS(go(AT_FDCWD, "/tmp/dir/d/f", FOLLOW), 0);
	MUST(unlink(IN "/dir/d/f") == 0 && symlink("/etc/passwd", IN "/dir/d/f") == 0);
	IS(pin_now(FOLLOW, 0, NULL, false), -EAGAIN);
	TRUE(walk->refused);
	IS(go(AT_FDCWD, "/tmp/dir/d/f", NOFOLLOW), 0);
	IS(pin_now(NOFOLLOW, 0, IN "/dir/d/f", true), 0);
	/* On the way there: refused. */
	IS(go(AT_FDCWD, "/tmp/dir/d/x", FOLLOW), 0);
	MUST(rename(IN "/dir/d", IN "/dir/e") == 0 && symlink("/etc", IN "/dir/d") == 0);
	IS(pin_now(FOLLOW, 0, NULL, false), -ENOTDIR);
	MUST(unlink(IN "/dir/d") == 0 && rename(IN "/dir/e", IN "/dir/d") == 0);
	/* After the check, a link at a free name is not followed. */
	for (int follow = 0; follow < 2; follow++) {
		MUST(go(AT_FDCWD, "/tmp/dir/d/new", follow ? CREATE : NOFOLLOW) == 0);
		fd = walk_pin(walk, follow ? CREATE : NOFOLLOW, follow ? ROUTE_CREATE : 0,
			      &path);
		MUST(fd >= 0);
		MUST(symlink("/etc/passwd", IN "/dir/d/new") == 0);
		file = open(path, O_RDONLY);
		IS(file >= 0, !follow);
		IS(follow ? errno : 0, follow ? ELOOP : 0);
		if (file >= 0)
			close(file);
		MUST(unlink(IN "/dir/d/new") == 0);
		/* Without one, it is made where it should be. */
		IS(close(open(path, O_CREAT | O_WRONLY, 0644)), 0);
		MUST(unlink(IN "/dir/d/new") == 0);
		close(fd);
	}
	/* What was found is used, whatever has its name by now. */
	close(open(IN "/dir/d/kept", O_CREAT | O_WRONLY, 0644));
	MUST(go(AT_FDCWD, "/tmp/dir/d/kept", FOLLOW) == 0);
	fd = walk_pin(walk, FOLLOW, 0, &path);
	snprintf(long_name, sizeof long_name, "/proc/self/fd/%d", fd);
	IS(strcmp(path, long_name), 0);
	MUST(rename(IN "/dir/d/kept", IN "/dir/d/away") == 0);
	MUST(symlink("/etc/passwd", IN "/dir/d/kept") == 0);
	IS(inode(IN "/dir/d/away"), ({
		   struct stat st;
		   MUST(stat(path, &st) == 0);
		   st.st_ino;
	   }));
	close(fd);
}

static void pins(void)
{
	begin();
	in_child(pins_as_me);
	begin();
	in_child(races_as_me);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "ends", ends },
		{ "judges", judges },
		{ "pins", pins },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
