/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Who is let into a session, and how far (session/admit.c): see direct.h. */
#include "core/sys.h"
#include "policy/view.h"
#include "session/hints.h"
#include "session/hints_use.h"
#include "session/session.h"
#include "session/trust.h"

#include "direct.h"
#include <grp.h>
#include <sys/xattr.h>

static long hook_call(long number, long a, long b, long c, long d, long e, long f);
static int hook_fchown(int fd, unsigned uid, unsigned gid);
static int hook_statx(int dirfd, const char *path, int flags, struct statx *out);
static int hook_open_root(const char *root, unsigned owner, struct statx *st);
static int hook_lock(int rootfd);
static int hook_links(unsigned char bits);

#define sys_call hook_call
#define sys_fchown hook_fchown
#define sys_statx hook_statx
#define trust_open_root hook_open_root
#define hints_lock hook_lock
#define session_links hook_links
#include "session/admit.c"
#undef sys_call
#undef sys_fchown
#undef sys_statx
#undef trust_open_root
#undef hints_lock
#undef session_links

#define ROOT "/tmp/.privtmp-AAAAAAAAAAAAAAAAAAAAAA"
#define PART_ROOT "/var/tmp/.privtmp-BBBBBBBBBBBBBBBBBBBBBB"

static int set_error, chown_error, stat_error; /* of the system calls, where not 0 */
static int lock_error, links_error;
static int locked; /* the descriptor of the lock */
static char steps[4096];

static void note(const char *step)
{
	strncat(steps, step, sizeof steps - strlen(steps) - 1);
}

static long hook_call(long number, long a, long b, long c, long d, long e, long f)
{
	/* What is in the buffer where there is no ACL says nothing. */
	if (number == SYS_fgetxattr) {
		struct acl *acl = (struct acl *)c;

		for (int i = 0; i < ACL_ENTRIES; i++)
			acl->entry[i] = (struct acl_entry){ ACL_USER, GOOD, OTHER };
	}
	if (number == SYS_fsetxattr) {
		IS(locked > 0, !lock_error);
		note("set ");
		if (set_error)
			return -set_error;
	}
	return sys_call(number, a, b, c, d, e, f);
}

static int hook_fchown(int fd, unsigned uid, unsigned gid)
{
	IS(uid, ~0u);
	return chown_error ? -chown_error : sys_fchown(fd, uid, gid);
}

static int hook_statx(int dirfd, const char *path, int flags, struct statx *out)
{
	return stat_error ? -stat_error : sys_statx(dirfd, path, flags, out);
}

static int hook_open_root(const char *root, unsigned owner, struct statx *st)
{
	IS(owner, pt_session.owner);
	note(root);
	note(" ");
	return trust_open_root(root, owner, st);
}

static int hook_lock(int rootfd)
{
	struct stat here, root;

	MUST(fstat(rootfd, &here) == 0 && stat(ROOT, &root) == 0);
	IS(here.st_ino, root.st_ino);
	note("lock ");
	if (lock_error)
		return -lock_error;
	return locked = open_high("/");
}

static int hook_links(unsigned char bits)
{
	IS(bits, LINKS_MIXED);
	note("mixed ");
	return -links_error;
}

/* -- The session -- */

static void begin_with(const char *guards)
{
	struct session *s = &pt_session;
	struct lease *lease = &s->lease;

	clear();
	set_error = chown_error = stat_error = lock_error = links_error = 0;
	steps[0] = '\0';
	lease->len = (size_t)snprintf(lease->text, sizeof lease->text,
				      "privtmp 2\nguard " ROOT "/aaaaaaaaaaa\t/tmp\n"
				      "guard " PART_ROOT "/bbbbbbbbbbb\t/var/tmp\n"
				      "%ssession " ROOT "\n",
				      guards);
	MUST(lease_parse(lease) == 0);
	strcpy(s->root, ROOT);
	s->owner = 0;
	make_dir(ROOT, 0, 0700);
	make_dir(PART_ROOT, 0, 0700);
	make_dir(ROOT "/in", 0, 0777);
}

static void begin(void)
{
	begin_with("");
}

/* Its result. Nothing stays open, and each time it is locked. */
static int admit(unsigned uid, bool good)
{
	const int before = descriptors();
	int ret;

	steps[0] = '\0';
	locked = 0;
	ret = admit_user(uid, good);
	IS(descriptors(), before);
	/* All are told first; the session's root comes before the others. */
	IS(strncmp(steps, "mixed " ROOT " lock " ROOT " ",
		   strlen("mixed  lock  ") + 2 * strlen(ROOT)),
	   0);
	return ret;
}

static int withdraw(unsigned uid, unsigned users)
{
	const int before = descriptors();
	int ret;

	steps[0] = '\0';
	locked = 0;
	ret = admit_withdraw(uid, &users);
	IS(descriptors(), before);
	return ret;
}

/* The ACL of both roots: the users' permissions are those of WANT, an id and one each. */
static void has_of(const char *root, unsigned group, const unsigned *want)
{
	struct acl acl;
	const ssize_t size = lgetxattr(root, acl_name, &acl, sizeof acl);
	unsigned n = 0, i = 0;

	while (want[2 * n + 1])
		n++;
	IS(size, 4 + 8 * (long)(n + 4));
	IS(acl.version, 2);
	IS(acl.entry[i].tag, 1);
	IS(acl.entry[i++].perm, 7);
	for (; i <= n; i++) {
		IS(acl.entry[i].tag, 2);
		IS(acl.entry[i].id, want[2 * (i - 1)]);
		IS(acl.entry[i].perm, want[2 * (i - 1) + 1]);
	}
	IS(acl.entry[i].tag, 4);
	IS(acl.entry[i++].perm, group);
	IS(acl.entry[i].tag, 16);
	IS(acl.entry[i++].perm, 1);
	IS(acl.entry[i].tag, 32);
	IS(acl.entry[i].perm, 0);
}

#define HAS(group, ...) \
	do { \
		const unsigned want[] = { __VA_ARGS__, 0, 0 }; \
		has_of(ROOT, group, want); \
		has_of(PART_ROOT, group, want); \
	} while (0)

static unsigned mode_of(const char *path)
{
	struct stat st;

	MUST(stat(path, &st) == 0);
	return st.st_mode & 07777;
}

static unsigned group_of(const char *path)
{
	struct stat st;

	MUST(stat(path, &st) == 0);
	return st.st_gid;
}

/* What this user may do in the session. */
static void let_in(void)
{
	become(ME);
	IS(access(ROOT "/in", W_OK), 0);
	IS(access(ROOT, R_OK), -1);
	IS(access(ROOT, W_OK), -1);
	IS(access(ROOT, X_OK), 0);
	IS(access(PART_ROOT, X_OK), 0);
}

static void let_stay_out(void)
{
	become(OTHER);
	IS(access(ROOT "/in", F_OK), -1);
	IS(access(PART_ROOT, X_OK), -1);
}

static void users(void)
{
	begin();
	IS(admit(ME, false), ADMIT_NEW);
	HAS(0, ME, 1);
	IS(mode_of(ROOT), 0710);
	IS(group_of(ROOT), 0);
	in_child(let_in);
	in_child(let_stay_out);
	IS(admit(ME, false), ADMIT_BY_USER);
	HAS(0, ME, 1);
	IS(admit(OTHER, true), ADMIT_NEW);
	HAS(0, ME, 1, OTHER, 5);
	in_child(let_in);
	/* Once for good, for good. */
	IS(admit(OTHER, false), ADMIT_BY_USER);
	HAS(0, ME, 1, OTHER, 5);
	IS(withdraw(OTHER, 0), 0);
	HAS(0, ME, 1, OTHER, 5);
	IS(withdraw(ME, 1), -EBUSY);
	HAS(0, ME, 1, OTHER, 5);
	IS(withdraw(ME, 0), 0);
	HAS(0, OTHER, 5);
	IS(withdraw(ME, 0), 0);
	HAS(0, OTHER, 5);
	IS(admit(ME, false), ADMIT_NEW);
	HAS(0, OTHER, 5, ME, 1);
	IS(admit(ME, true), ADMIT_BY_USER);
	HAS(0, OTHER, 5, ME, 5);
	IS(withdraw(ME, 0), 0);
	HAS(0, OTHER, 5, ME, 5);
	begin();
	IS(admit(ME, false), ADMIT_NEW);
	IS(withdraw(ME, 0), 0);
	has_of(ROOT, 0, (const unsigned[]){ 0, 0 });
	in_child(let_stay_out);
}

/* As many as fit, and then the group, for all. */
static void many(void)
{
	unsigned want[2 * 61 + 2] = { 0 };

	begin();
	for (unsigned i = 0; i < 60; i++) {
		IS(admit(1 + i, false), ADMIT_NEW);
		want[2 * i] = 1 + i;
		want[2 * i + 1] = 1;
	}
	has_of(ROOT, 0, want);
	IS(admit(60, false), ADMIT_BY_USER);
	has_of(ROOT, 0, want);
	IS(group_of(ROOT), 0);
	IS(admit(ME, false), ADMIT_BY_GROUP);
	has_of(ROOT, 1, want);
	has_of(PART_ROOT, 1, want);
	IS(group_of(ROOT), admit_group());
	IS(group_of(PART_ROOT), admit_group());
	in_child(let_stay_out);
	IS(admit(60, false), ADMIT_BY_GROUP);
	has_of(ROOT, 1, want);
	/* Nobody is withdrawn any more. */
	IS(withdraw(60, 0), 0);
	has_of(ROOT, 1, want);
	/* A user fewer is always possible. */
	begin();
	for (unsigned i = 0; i < 60; i++)
		admit(1 + i, false);
	IS(withdraw(8, 0), 0);
	IS(admit(ME, false), ADMIT_NEW);
	IS(withdraw(777, 0), 0);
}

/* More than we have written. */
static void strange(void)
{
	static struct {
		uint32_t version;
		struct acl_entry entry[70];
	} acl = { .version = 2 };
	unsigned n = 0;

	begin();
	acl.entry[n++] = (struct acl_entry){ 1, 7, ~0u };
	while (n < 67) {
		acl.entry[n] = (struct acl_entry){ 2, 1, 1000 + n };
		n++;
	}
	acl.entry[n++] = (struct acl_entry){ 4, 0, ~0u };
	acl.entry[n++] = (struct acl_entry){ 16, 1, ~0u };
	acl.entry[n++] = (struct acl_entry){ 32, 0, ~0u };
	MUST(setxattr(ROOT, acl_name, &acl, sizeof acl, 0) == 0);
	IS(admit(ME, false), -ENOSPC);
	IS(withdraw(1007, 0), 0);
	begin();
	MUST(setxattr(ROOT, acl_name, &acl, sizeof acl, 0) == 0);
	IS(withdraw(1007, 0), -ENOSPC);
	IS(strstr(steps, PART_ROOT) != NULL, false);
}

static void in_group(void)
{
	const gid_t group = admit_group();

	MUST(setgroups(1, &group) == 0);
	let_in();
}

/* File systems and filters without ACLs. */
static void groups(void)
{
	static const int without[] = { EOPNOTSUPP, ENOSYS, EPERM };

	for (int i = 0; i < 3; i++) {
		begin();
		set_error = without[i];
		IS(admit(ME, false), ADMIT_BY_GROUP);
		IS(mode_of(ROOT), 0710);
		IS(group_of(ROOT), admit_group());
		IS(mode_of(PART_ROOT), 0710);
		IS(group_of(PART_ROOT), admit_group());
		in_child(in_group);
		in_child(let_stay_out);
		IS(admit(ME, false), ADMIT_BY_GROUP);
		IS(withdraw(ME, 0), 0);
		IS(mode_of(ROOT), 0710);
	}
	begin();
	set_error = EIO;
	IS(admit(ME, false), -EIO);
	IS(mode_of(ROOT), 0700);
	IS(strstr(steps, PART_ROOT) != NULL, false);
	IS(withdraw(ME, 0), -EIO);
	begin();
	set_error = EOPNOTSUPP;
	chown_error = EIO;
	IS(admit(ME, false), -EIO);
	IS(mode_of(ROOT), 0700);
	begin();
	IS(admit(ME, false), ADMIT_NEW);
	stat_error = EIO;
	IS(withdraw(ME, 0), -EIO);
	/* What cannot be told from another group is tried by user. */
	IS(admit(ME, false), ADMIT_BY_USER);
}

static void roots(void)
{
	/* One that could not be made. */
	begin();
	MUST(rmdir(PART_ROOT) == 0);
	IS(admit(ME, false), ADMIT_NEW);
	has_of(ROOT, 0, (const unsigned[]){ ME, 1, 0, 0 });
	IS(withdraw(ME, 0), 0);
	/* One that another has made. */
	begin();
	make_dir(PART_ROOT, OTHER, 0700);
	IS(admit(ME, false), -EPERM);
	IS(mode_of(PART_ROOT), 0700);
	IS(withdraw(ME, 0), -EPERM);
	/* The session's own is gone. */
	begin();
	MUST(rename(ROOT, "/tmp/x") == 0);
	IS(admit_user(ME, false), -ENOENT);
	IS(admit_withdraw(ME, (const unsigned[]){ 0 }), -ENOENT);
	IS(mode_of(PART_ROOT), 0700);
	/* The greatest result is that of all. */
	begin();
	IS(admit(ME, false), ADMIT_NEW);
	MUST(rmdir(PART_ROOT) == 0);
	make_dir(PART_ROOT, 0, 0700);
	IS(admit(ME, false), ADMIT_NEW);
	begin();
	MUST(chown(ROOT, 0, admit_group()) == 0);
	IS(admit(ME, false), ADMIT_BY_GROUP);
	has_of(PART_ROOT, 0, (const unsigned[]){ ME, 1, 0, 0 });
	/* Each is asked once, the session's own before all. */
	begin_with("guard " ROOT "/aaaaaaaaaaa\t/srv/a\n");
	IS(admit(ME, false), ADMIT_NEW);
	IS(strcmp(steps, "mixed " ROOT " lock " ROOT " set " PART_ROOT " set "), 0);
	IS(withdraw(ME, 0), 0);
	IS(strcmp(steps, ROOT " lock " ROOT " set " PART_ROOT " set "), 0);
	/* Without the lock. */
	begin();
	lock_error = EAGAIN;
	IS(admit(ME, false), ADMIT_NEW);
	IS(withdraw(ME, 0), 0);
	/* Nobody is, whom the other members would not be careful with. */
	begin();
	links_error = EMFILE;
	IS(admit_user(ME, false), -EMFILE);
	IS(strcmp(steps, "mixed "), 0);
	IS(mode_of(ROOT), 0700);
}

/* FNV-1a's own examples, in a range without accounts. */
static void group_names(void)
{
	strcpy(pt_session.root, "");
	IS(admit_group(), 0x711c9dc5);
	strcpy(pt_session.root, "a");
	IS(admit_group(), 0x740c292c);
	strcpy(pt_session.root, "foobar");
	IS(admit_group(), 0x779cf968);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "users", users },   { "many", many },	  { "strange", strange },
		{ "groups", groups }, { "roots", roots }, { "group_names", group_names },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
