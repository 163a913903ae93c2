/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Whom the shim trusts (session/trust.c), and who owns a file (core/owner.c): see direct.h. */
#include "core/sys.h"

#include "direct.h"

static int hook_statx(int dirfd, const char *path, int flags, struct statx *out);
static ssize_t hook_readlinkat(int dirfd, const char *path, char *buf, size_t size);
static ssize_t hook_read(int fd, void *buf, size_t size);

#define sys_statx hook_statx
#define sys_readlinkat hook_readlinkat
#define sys_read hook_read
#include "core/owner.c"
#include "session/trust.c"
#undef sys_statx
#undef sys_readlinkat
#undef sys_read

static int stat_error, read_error; /* the next one fails so */
static const char *vanishes;	   /* a link that is gone when it is read */

/* What could not be looked at looks like what is trusted, or like what is not. */
static int hook_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	int ret = sys_statx(dirfd, path, flags, out);

	if (stat_error && !path[0])
		ret = -stat_error;
	if (ret < 0) {
		memset(out, 0, sizeof *out);
		out->stx_uid = OTHER;
		out->stx_mode = S_IFLNK | 0777;
	}
	return ret;
}

static ssize_t hook_readlinkat(int dirfd, const char *path, char *buf, size_t size)
{
	if (vanishes && !strcmp(path, vanishes))
		MUST(unlink(vanishes) == 0);
	return sys_readlinkat(dirfd, path, buf, size);
}

static ssize_t hook_read(int fd, void *buf, size_t size)
{
	return read_error ? -read_error : sys_read(fd, buf, size);
}

static const unsigned kinds[] = { S_IFREG,  S_IFDIR, S_IFLNK, S_IFIFO,
				  S_IFSOCK, S_IFCHR, S_IFBLK };

/* Whether MODE lets anybody whose bits are in WHO (0700, 070, 07) have one of WANT (0-7). */
static bool lets(unsigned mode, unsigned who, unsigned want)
{
	for (unsigned shift = 0; shift < 9; shift += 3)
		if ((who >> shift & 7) && (mode >> shift & want))
			return true;
	return false;
}

static void owners(void)
{
	static const unsigned ids[] = { 0, 1, ME, OTHER, 65534 };

	for (int i = 0; i < 5; i++)
		for (int j = 0; j < 5; j++)
			IS(trust_owner(ids[i], ids[j]), i == 0 || i == j);
}

static void modes(void)
{
	static const unsigned ids[] = { 0, ME, OTHER };

	for (unsigned k = 0; k < sizeof kinds / sizeof *kinds; k++)
		for (unsigned mode = 0; mode < 010000; mode++)
			for (unsigned who = 0; who < 9; who++) {
				const bool file = kinds[k] == S_IFREG;
				const bool sealed = file && !lets(mode, 0777, 2);
				const unsigned uid = ids[who % 3];
				struct statx st = { .stx_mode =
							    (uint16_t)(kinds[k] | mode),
						    .stx_uid = uid,
						    .stx_nlink = who / 3 };

				IS(trust_sealed(&st), sealed);
				IS(trust_text(&st, ME),
				   sealed && who / 3 && uid != OTHER);
				IS(trust_hints(&st, ME),
				   file && uid == ME && !lets(mode, 077, 2));
				IS(trust_root(&st, ME),
				   kinds[k] == S_IFDIR && uid == ME &&
					   !lets(mode, 07, 7) && !lets(mode, 070, 6));
			}
}

static void same(void)
{
	const struct statx a = { .stx_ino = 5, .stx_dev_major = 6, .stx_dev_minor = 7 };
	struct statx b = a;

	TRUE(trust_same(&a, &b));
	b.stx_ino = 6;
	FALSE(trust_same(&a, &b));
	b = a;
	b.stx_dev_major = 7;
	FALSE(trust_same(&a, &b));
	b = a;
	b.stx_dev_minor = 8;
	FALSE(trust_same(&a, &b));
}

/* Where "/" itself is somebody's. */
static void others_root(void)
{
	MUST(chroot("/tmp/evil") == 0);
	IS(trust_parents("/x", ME), -EPERM);
	IS(trust_closed_parents("/x", ME), -EPERM);
	IS(trust_parents("/in/x", ME), -EPERM);
}

/* Every owner and mode of a directory on the way. */
static void parents(void)
{
	static const unsigned ids[] = { 0, ME, OTHER };

	for (unsigned who = 0; who < 3; who++)
		for (unsigned mode = 0; mode < 02000; mode++) {
			const bool safe = ids[who] != OTHER &&
					  ((mode & S_ISVTX) || !lets(mode, 077, 2));
			const bool closed = safe && !lets(mode, 077, 2);

			make_dir("/tmp/d", ids[who], mode);
			IS(trust_parents("/tmp/d/x", ME), safe ? 0 : -EPERM);
			IS(trust_closed_parents("/tmp/d/x", ME), closed ? 0 : -EPERM);
		}
	/* What the path ends with does not count. */
	IS(trust_parents("/tmp/d", ME), 0);
	IS(trust_closed_parents("/tmp/d", ME), -EPERM);
	IS(trust_closed_parents("/x", ME), 0);
	IS(trust_parents("x", ME), -EINVAL);
	IS(trust_closed_parents("x", ME), -EINVAL);
	IS(trust_parents("", ME), -EINVAL);
	IS(trust_closed_parents("/tmp/none/x", ME), -ENOENT);
	make_file("/tmp/file", ME, 0644);
	IS(trust_parents("/tmp/file/x", ME), -ENOTDIR);
	/* One that is safe, in one that is not. */
	make_dir("/tmp/evil", OTHER, 0755);
	make_dir("/tmp/evil/good", ME, 0755);
	make_dir("/tmp/evil/good/more", ME, 0755);
	IS(trust_parents("/tmp/evil/good/more/x", ME), -EPERM);
	IS(trust_parents("/tmp/evil/good/x", ME), -EPERM);
	IS(trust_closed_parents("/tmp/evil/good/x", ME), -EPERM);
	IS(trust_closed_parents("/tmp/evil/good/more/x", ME), -EPERM);
	IS(trust_parents("/tmp//evil///good/x", ME), -EPERM);
	make_dir("/tmp/evil/in", ME, 0755);
	in_child(others_root);
	make_dir("/tmp/d", ME, 0755);
	make_dir("/tmp/d/e", ME, 0755);
	IS(trust_parents("//tmp//d///e//x", ME), 0);
	IS(trust_closed_parents("//tmp//d///e//x", ME), 0);
	make_dir("/tmp/d/e", ME, 0777);
	IS(trust_parents("//tmp//d///e//x", ME), -EPERM);
	IS(trust_closed_parents("//tmp//d///e//x", ME), -EPERM);
	/* Of the directory that a link leads to. */
	make_dir("/tmp/open", ME, 01777);
	make_link("open", "/tmp/link", ME);
	IS(trust_closed_parents("/tmp/link/x", ME), -EPERM);
	make_dir("/tmp/open", ME, 0755);
	IS(trust_closed_parents("/tmp/link/x", ME), 0);
}

static void links(void)
{
	static const unsigned ids[] = { 0, ME, OTHER };

	make_dir("/tmp/good", ME, 0755);
	make_dir("/tmp/good/in", ME, 0755);
	make_dir("/tmp/bad", ME, 0777);
	make_dir("/tmp/bad/in", ME, 0755);
	make_file("/tmp/file", ME, 0644);
	for (int i = 0; i < 3; i++) {
		const int ret = ids[i] == OTHER ? -EPERM : 0;

		make_link("good", "/tmp/l", ids[i]);
		IS(trust_parents("/tmp/l/x", ME), ret);
		make_link("/tmp/good", "/tmp/l", ids[i]);
		IS(trust_parents("/tmp/l/x", ME), ret);
		IS(trust_parents("/tmp/l/in/x", ME), ret);
		make_link("../../tmp/good/in", "/tmp/good/l", ids[i]);
		IS(trust_parents("/tmp/good/l/x", ME), ret);
		IS(trust_parents("/tmp//good//l//x", ME), ret);
		make_link("/tmp/good//l///in", "/tmp/double", ME);
		IS(trust_parents("/tmp/double/x", ME), ret ? ret : -ENOENT);
	}
	make_link("bad", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), -EPERM);
	make_link("/tmp/bad/in", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), -EPERM);
	make_link("bad/in", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), -EPERM);
	make_link("good", "/tmp/l", ME);
	make_dir("/tmp/good/open", ME, 0777);
	IS(trust_parents("/tmp/l/open/x", ME), -EPERM);
	IS(trust_parents("/tmp/l/none/x", ME), -ENOENT);
	make_link("file", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), -ENOTDIR);
	make_link("none", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), -ENOENT);
	make_link("l", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), -ELOOP);
	make_link("good", "/tmp/l", ME);
	vanishes = "/tmp/l";
	IS(trust_parents("/tmp/l/x", ME), -ENOENT);
	vanishes = NULL;
	make_link("l", "/tmp/l", ME);
	/* A link at the end is not on the way. */
	IS(trust_parents("/tmp/l", ME), 0);
	/* A link's own mode says nothing; that of a sticky directory around it does. */
	make_link("/tmp/good/", "/tmp/l", ME);
	IS(trust_parents("/tmp/l/x", ME), 0);
}

/* As many as the kernel follows. */
static void many_links(void)
{
	char from[32], to[32];

	make_dir("/tmp/0", ME, 0755);
	for (int i = 1; i <= 41; i++) {
		snprintf(to, sizeof to, "%d", i - 1);
		snprintf(from, sizeof from, "/tmp/%d", i);
		make_link(to, from, ME);
	}
	IS(trust_parents("/tmp/40/x", ME), 0);
	IS(trust_parents("/tmp/41/x", ME), -ELOOP);
}

/* Each length of a path with a link in it, up to the longest. */
static void lengths(void)
{
	static char path[PATH_MAX + 64], text[PATH_MAX];
	const size_t head = strlen("/tmp/l/");

	make_dir("/tmp/good", ME, 0755);
	/* "/" comes first, and only slashes. */
	memset(path, '/', PATH_MAX);
	path[PATH_MAX - 1] = '\0';
	IS(trust_parents(path, ME), 0);
	path[PATH_MAX - 1] = '/';
	path[PATH_MAX] = '\0';
	IS(trust_parents(path, ME), -EINVAL);
	/* A text of 2000 bytes, in place of "l": the whole has PATH_MAX with its end. */
	for (size_t n = 0; n < 2000 - 9; n++)
		text[n] = '/';
	strcpy(text + 2000 - 9, "/tmp/good");
	make_link(text, "/tmp/l", ME);
	make_link("////good", "/tmp/k", ME);
	for (size_t more = PATH_MAX - 2000 - 8; more < PATH_MAX - 2000 + 8; more++) {
		memcpy(path, "/tmp/l/", head);
		memset(path + head, 'x', more);
		path[head + more] = '\0';
		/* 2000, a slash, MORE, a NUL. */
		IS(trust_parents(path, ME), more + 2002 <= PATH_MAX ? 0 : -ENAMETOOLONG);
	}
	/* Relative: what precedes it stays. */
	for (size_t n = 0; n < 2000 - 4; n++)
		text[n] = n % 2 ? '/' : '.';
	strcpy(text + 2000 - 4, "good");
	make_link(text, "/tmp/l", ME);
	for (size_t more = PATH_MAX - 2000 - 20; more < PATH_MAX - 2000; more++) {
		memset(path + head, 'x', more);
		path[head + more] = '\0';
		IS(trust_parents(path, ME), more + 2007 <= PATH_MAX ? 0 : -ENAMETOOLONG);
	}
}

static void open_roots(void)
{
	const int before = descriptors();
	struct statx st;
	struct stat real;
	int fd;

	for (unsigned mode = 0; mode < 01000; mode++) {
		const bool right = !lets(mode, 07, 7) && !lets(mode, 070, 6);

		make_dir("/tmp/root", ME, mode);
		fd = trust_open_root("/tmp/root", ME, &st);
		IS(fd < 0 ? fd : 0, right ? 0 : -EPERM);
		if (fd >= 0) {
			IS(fcntl(fd, F_GETFD), FD_CLOEXEC);
			IS(fcntl(fd, F_GETFL) & O_ACCMODE, O_RDONLY);
			MUST(fstat(fd, &real) == 0);
			IS(st.stx_ino, real.st_ino);
			IS(st.stx_uid, ME);
			close(fd);
		}
		IS(trust_open_root("/tmp/root", OTHER, &st), -EPERM);
	}
	make_dir("/tmp/root", ME, 0700);
	make_link("root", "/tmp/link", ME);
	IS(trust_open_root("/tmp/link", ME, &st), -ENOTDIR);
	make_file("/tmp/file", ME, 0700);
	IS(trust_open_root("/tmp/file", ME, &st), -ENOTDIR);
	IS(trust_open_root("/tmp/none", ME, &st), -ENOENT);
	make_dir("/tmp/0", 0, 0700);
	IS(trust_open_root("/tmp/0", ME, &st), -EPERM);
	make_dir("/tmp/root", ME, 0700);
	stat_error = EIO;
	IS(trust_open_root("/tmp/root", ME, &st), -EIO);
	stat_error = 0;
	IS(descriptors(), before);
}

/* -- Users whom a namespace does not know -- */

/* Called with the process in that namespace, from outside. */
static void (*onlooker)(const char *pid);

/* Runs TEST in a new user namespace with this map (and in the directory NEWROOT as "/"). */
static void with_map(const char *map, const char *newroot, void (*test)(void))
{
	int up[2], down[2], status, fd;
	char path[64], byte = 0;
	pid_t pid;

	MUST(pipe(up) == 0 && pipe(down) == 0);
	pid = fork();
	MUST(pid >= 0);
	if (pid == 0) {
		direct_failures = 0;
		MUST(unshare(CLONE_NEWUSER) == 0);
		MUST(write(up[1], "", 1) == 1 && read(down[0], &byte, 1) == 1);
		MUST(!newroot || (chroot(newroot) == 0 && chdir("/") == 0));
		test();
		fflush(NULL);
		_exit(direct_failures != 0);
	}
	MUST(read(up[0], &byte, 1) == 1);
	snprintf(path, sizeof path, "/proc/%d/uid_map", pid);
	fd = open(path, O_WRONLY);
	MUST(fd >= 0 && write(fd, map, strlen(map)) == (ssize_t)strlen(map));
	close(fd);
	if (onlooker) {
		snprintf(path, sizeof path, "%d", pid);
		onlooker(path);
	}
	MUST(write(down[1], "", 1) == 1);
	MUST(waitpid(pid, &status, 0) == pid);
	if (status)
		fprintf(stderr, "with the map %s\n", map);
	IS(status, 0);
	close(up[0]);
	close(up[1]);
	close(down[0]);
	close(down[1]);
}

static void knows_root(void)
{
	TRUE(owner_may_be_root(0));
	FALSE(owner_may_be_root(1));
	FALSE(owner_may_be_root(ME));
	FALSE(owner_may_be_root(65534));
	TRUE(owner_is_system(0, "/home"));
	FALSE(owner_is_system(65534, "/"));
	FALSE(owner_is_system(65534, "/tmp"));
	IS(trust_parents("/tmp/x", ME), -EPERM);
}

static void has_no_root(void)
{
	TRUE(owner_may_be_root(0));
	FALSE(owner_may_be_root(1));
	FALSE(owner_may_be_root(65533));
	TRUE(owner_may_be_root(65534));
	FALSE(owner_may_be_root(65535));
	/* Only the system's own directories. */
	TRUE(owner_is_system(65534, ""));
	TRUE(owner_is_system(65534, "/"));
	TRUE(owner_is_system(65534, "/tmp"));
	TRUE(owner_is_system(65534, "/var"));
	TRUE(owner_is_system(65534, "/var/tmp"));
	TRUE(owner_is_system(0, "/home"));
	FALSE(owner_is_system(65534, "/home"));
	FALSE(owner_is_system(65534, "/tmp/x"));
	FALSE(owner_is_system(65534, "/va"));
	FALSE(owner_is_system(1, "/tmp"));
	IS(trust_parents("/tmp/x", 1), 0);
	IS(trust_parents("/var/tmp/x", 1), 0);
	IS(trust_parents("/tmp/rooted/x", 1), -EPERM);
	IS(trust_parents("/etc/x", 1), -EPERM);
	IS(trust_closed_parents("/x", 1), 0);
}

static void overflow_is_known(void)
{
	TRUE(owner_is_known(65534));
	TRUE(owner_is_known(5));
}

/* All unknown users' are shown as its own. */
static void overflow_is_self(void)
{
	MUST(setresuid(65534, 65534, 65534) == 0);
	TRUE(owner_is_self(0, 0, "/var"));
	TRUE(owner_is_self(5, 5, "/var"));
	FALSE(owner_is_self(5, 6, "/tmp/mine"));
	TRUE(owner_is_self(65534, 65534, "/tmp/mine"));
	TRUE(owner_is_self(65534, 65534, "/tmp/my-file"));
	FALSE(owner_is_self(65534, 65534, "/tmp/to-mine"));
	FALSE(owner_is_self(65534, 65534, "/tmp/rooted"));
	FALSE(owner_is_self(65534, 65534, "/tmp/none"));
	FALSE(owner_is_one(65534));
	IS(trust_parents("/tmp/x", 65534), 0);
	IS(trust_parents("/tmp/mine/x", 65534), 0);
	IS(trust_parents("/tmp/rooted/x", 65534), -EPERM);
}

static void overflow_is_unknown(void)
{
	FALSE(owner_is_known(65534) || owner_is_one(65534));
	TRUE(owner_is_known(65533) && owner_is_one(65533));
	TRUE(owner_is_known(65535));
	TRUE(owner_is_known(0));
	FALSE(owner_gives_rights(65534, 0));
	TRUE(owner_gives_rights(65533, 65535));
}

/* The whole of what there is in one: "5 6 7" is 5, ..., 11. */
static void has_5_to_11(void)
{
	for (unsigned long id = 0; id < 30; id++)
		IS(knows_user(id), id >= 5 && id < 12);
	IS(knows_user(65534), false);
}

static void has_lists(void)
{
	for (unsigned long id = 0; id < 400; id++)
		IS(knows_user(id), (id >= 10 && id < 250 && id % 10 < 3) || id == 309);
}

static void has_big(void)
{
	FALSE(knows_user(123456788));
	TRUE(knows_user(123456789));
	TRUE(knows_user(123456790));
	FALSE(knows_user(123456791));
	FALSE(knows_user(100));
}

/* What "/" is of, where it is the overflow user's, though root is known. */
static void own_overflow(void)
{
	FALSE(owner_may_be_root(65534));
	TRUE(root_is_unknown());
}

static void root_of_me(void)
{
	FALSE(root_is_unknown());
	FALSE(owner_may_be_root(65534));
	/* There is no /proc here. */
	IS(knows_user(0), -1);
	TRUE(owner_is_known(65534) && owner_is_one(65534));
}

/* Nothing is known of the map there. */
static void no_map(void)
{
	IS(knows_user(0), -1);
	TRUE(root_is_unknown());
	FALSE(owner_may_be_root(65534));
	TRUE(owner_may_be_root(0));
	FALSE(owner_is_known(65534));
	TRUE(owner_is_known(65533));
}

static void in_root_of_overflow(void)
{
	MUST(chroot("/tmp/overflow") == 0);
	own_overflow();
	/* Here, the map has all. */
	overflow_is_known();
}

/* "/" is known, and the overflow user is not. */
static void unknown_below_me(void)
{
	FALSE(root_is_unknown());
	FALSE(owner_is_known(65534));
	TRUE(owner_is_known(1));
}

static int proc;

static void speaks_for_two(const char *pid)
{
	TRUE(owner_rules(proc, pid, 0)); /* it is of this user */
	FALSE(owner_rules(proc, pid, 5));
	FALSE(owner_rules(proc, pid, 61233));
	TRUE(owner_rules(proc, pid, 61234));
	TRUE(owner_rules(proc, pid, 61235));
	FALSE(owner_rules(proc, pid, 61236));
	read_error = EIO;
	FALSE(owner_rules(proc, pid, 61234));
	read_error = 0;
}

static void nothing(void)
{
}

/* About whose files a process can be believed. */
static void believed(void)
{
	const int before = descriptors();

	proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	TRUE(owner_rules(proc, "self", 0));
	TRUE(owner_rules(proc, "self", 5)); /* this very namespace */
	FALSE(owner_rules(proc, "123456789012345678901234567890", 5));
	TRUE(owner_rules(proc, "sys", 5)); /* without a map */
	onlooker = speaks_for_two;
	with_map("0 61234 2\n", NULL, nothing);
	onlooker = NULL;
	close(proc);
	IS(descriptors(), before);
}

static void namespaces(void)
{
	static char lists[4096];
	const int before = descriptors();
	size_t n = 0;

	make_dir("/tmp/rooted", 0, 0755);
	make_dir("/tmp/mine", ME, 0700);
	make_link("mine", "/tmp/to-mine", ME);
	make_file("/tmp/my-file", ME, 0644);
	TRUE(owner_may_be_root(0));
	FALSE(owner_may_be_root(65534));
	overflow_is_known();
	TRUE(owner_is_one(65534));
	IS(descriptors(), before);
	read_error = EIO;
	IS(knows_user(0), -1);
	read_error = 0;

	with_map("0 61234 1\n", NULL, knows_root);
	with_map("0 61234 1\n", NULL, overflow_is_unknown);
	with_map("5 100000 7\n", NULL, has_5_to_11);
	with_map("5 100000 7\n", NULL, has_no_root);
	with_map("1 61234 1\n", NULL, has_no_root);
	with_map("1 61234 1\n", NULL, overflow_is_unknown);
	with_map("65534 61234 1\n", NULL, overflow_is_known);
	with_map("65534 61234 1\n", NULL, overflow_is_self);
	with_map("0 100000 65536\n", NULL, overflow_is_known);
	with_map("0 100000 65534\n", NULL, overflow_is_unknown);
	with_map("123456789 100000 2\n", NULL, has_big);
	for (int i = 1; i < 25; i++)
		n += (size_t)snprintf(lists + n, sizeof lists - n, "%d %d 3\n", 10 * i,
				      100000 + 10 * i);
	snprintf(lists + n, sizeof lists - n, "309 200000 1\n");
	with_map(lists, NULL, has_lists);
	/* Another "/". */
	make_dir("/tmp/overflow", 65534, 0755);
	make_dir("/tmp/overflow/proc", 0, 0755);
	MUST(mount("/proc", "/tmp/overflow/proc", NULL, MS_BIND | MS_REC, NULL) == 0);
	in_child(in_root_of_overflow);
	make_dir("/tmp/mine", ME, 0755);
	with_map("1 61234 1\n", "/tmp/mine", root_of_me);
	make_dir("/tmp/mine/proc", 0, 0755);
	MUST(mount("/proc", "/tmp/mine/proc", NULL, MS_BIND | MS_REC, NULL) == 0);
	with_map("1 61234 1\n", "/tmp/mine", unknown_below_me);
	make_dir("/tmp/bare", 0, 0755);
	with_map("1 61234 1\n", "/tmp/bare", no_map);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "owners", owners },
		{ "modes", modes },
		{ "same", same },
		{ "parents", parents },
		{ "links", links },
		{ "many_links", many_links },
		{ "lengths", lengths },
		{ "open_roots", open_roots },
		{ "namespaces", namespaces },
		{ "believed", believed },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
