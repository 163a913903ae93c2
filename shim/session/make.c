/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Making a session and its backings; see session.h.
 *
 * A root is made under an unguessable name, opened without following a link,
 * checked, and from then on used by its descriptor. Each step can be repeated
 * by another member after a crash half way.
 */
#define _GNU_SOURCE
#include "session/session.h"
#include "policy/config.h"
#include "core/sys.h"
#include "session/remove.h"
#include "core/report.h"
#include "policy/view.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>

enum {
	ROOT_MODE = 0700,	/* its owner's alone */
	PASSAGE_MODE = 0711,	/* between a root and a backing */
	BACKING_MODE = 01777,	/* as /tmp itself */
};

/* Writes 22 base62 digits of 128 random bits. 0 or -errno. */
static int random_id(char *out)
{
	static const char digits[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
				     "abcdefghijklmnopqrstuvwxyz";
	uint32_t word[4];
	ssize_t n;

	do
		n = sys_getrandom(word, sizeof word);
	while (n == -EINTR);
	if (n != sizeof word)
		return n < 0 ? (int)n : -EIO;
	for (int i = 0; i < SESSION_ID; i++) {
		uint64_t rest = 0;

		for (int w = 0; w < 4; w++) {
			rest = rest << 32 | word[w];
			word[w] = (uint32_t)(rest / 62);
			rest %= 62;
		}
		out[i] = digits[rest];
	}
	return 0;
}

/* Writes DIR and the beginning of a root's name. Where its id goes; NULL: no room. */
static char *name_without_id(const char *dir, size_t len, char *out, size_t size)
{
	static const char prefix[] = "/" SESSION_PREFIX;

	if (len + sizeof prefix + SESSION_ID > size)
		return NULL;
	memcpy(out, dir, len);
	memcpy(out + len, prefix, sizeof prefix - 1);
	out[len + sizeof prefix - 1 + SESSION_ID] = '\0';
	return out + len + sizeof prefix - 1;
}

static int name_root(const char *dir, size_t len, char *out, size_t size)
{
	char *id = name_without_id(dir, len, out, size);

	return id ? random_id(id) : -ENAMETOOLONG;
}

/* One that others find: the directory is closed to those who must not. */
static int name_meeting(const char *dir, size_t len, char *out, size_t size)
{
	char *id = name_without_id(dir, len, out, size);

	if (!id)
		return -ENAMETOOLONG;
	memset(id, '0', SESSION_ID);
	return 0;
}

/*
 * Whether the directory that is to hold a root can be trusted with one: nobody
 * else may be able to remove or replace it.
 */
static int check_parent(const char *root, unsigned euid)
{
	char parent[POLICY_ROOT_MAX + 1];
	size_t n = (size_t)(strrchr(root, '/') - root);
	struct statx st;
	int ret;

	memcpy(parent, root, n);
	parent[n] = '\0';
	ret = sys_statx(AT_FDCWD, n ? parent : "/", 0, &st);
	if (ret < 0)
		return ret;
	if (!S_ISDIR(st.stx_mode))
		return -ENOTDIR;
	if (st.stx_uid != 0 && st.stx_uid != euid)
		return -EPERM;
	if ((st.stx_mode & (S_IWGRP | S_IWOTH)) && !(st.stx_mode & S_ISVTX))
		return -EPERM;
	return 0;
}

/* Makes and opens ROOT. A descriptor, or -errno. */
static int make_root(const char *root, unsigned owner)
{
	struct statx st;
	int ret = check_parent(root, owner), made, fd;

	if (ret < 0)
		return ret;
	made = sys_mkdirat(AT_FDCWD, root, ROOT_MODE);
	if (made < 0 && made != -EEXIST)
		return made;
	fd = sys_openat(AT_FDCWD, root,
			O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0) {
		if (made == 0)
			sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
		return fd;
	}
	ret = sys_statx(fd, "", AT_EMPTY_PATH, &st);
	if (ret == 0 && (st.stx_uid != owner || (st.stx_mode & 067)))
		ret = -EPERM;
	/* A umask that takes rights from oneself. */
	if (ret == 0 && (st.stx_mode & 0700) != 0700)
		ret = sys_fchmodat(AT_FDCWD, root, ROOT_MODE);
	if (ret < 0) {
		sys_close(fd);
		if (made == 0)
			sys_unlinkat(AT_FDCWD, root, AT_REMOVEDIR);
		return ret;
	}
	return fd;
}

/* mkdir with an exact mode, whatever the umask is. */
static int make_dir(int dirfd, const char *name, unsigned mode)
{
	int ret = sys_mkdirat(dirfd, name, mode);

	if (ret == -EEXIST)
		return 0;
	return ret < 0 ? ret : sys_fchmodat(dirfd, name, mode);
}

/* Makes the directory PATH ("/var/tmp") below a root, with what leads to it. */
static int make_below(int rootfd, const struct text *path, unsigned mode)
{
	int ret = 0;

	if (path->len >= PATH_MAX)
		return -ENAMETOOLONG;
	/* A handler on a small stack may be the first to need it. */
	char name[path->len + 1];

	for (size_t i = 1; i <= path->len && ret == 0; i++) {
		bool end = i == path->len;

		if (!end && path->at[i] != '/')
			continue;
		memcpy(name, path->at + 1, i - 1);
		name[i - 1] = '\0';
		ret = make_dir(rootfd, name, end ? mode : PASSAGE_MODE);
	}
	return ret;
}

/*
 * $TMPDIR below a guarded directory (pam_tmpdir's /tmp/user/1000): the program
 * counts on its being there, so there is one, empty, with that one's backing.
 */
static void make_tmpdir(int rootfd, unsigned guard)
{
	const char *path = pt_session.tmpdir;
	size_t len = strlen(path), inside;
	struct statx st;

	if (!len || view_guard_of(path, len, &inside) != (int)guard ||
	    inside == len || strstr(path, "/..") ||
	    view_is_shared(path, len, inside) ||
	    sys_statx(AT_FDCWD, path, 0, &st) < 0 || !S_ISDIR(st.stx_mode))
		return;
	make_below(rootfd, &(struct text){ path, len }, st.stx_mode & 07777);
}

/* The helper's path: beside the shim in a build tree, else where installed. */
static void reaper_path(char *out, size_t size)
{
	static const char built[] = "tools/reaper", libs[] = "/.libs";
	static const char installed[] = LIBEXECDIR "/reaper";
	Dl_info self;
	size_t n = 0;

	if (dladdr((void *)&pt_session, &self) && self.dli_fname) {
		const char *slash = strrchr(self.dli_fname, '/');

		n = slash ? (size_t)(slash - self.dli_fname) : 0;
	}
	if (n > sizeof libs && self.dli_fname[0] == '/' &&
	    n + sizeof built < size &&
	    !memcmp(self.dli_fname + n - (sizeof libs - 1), libs,
		    sizeof libs - 1)) {
		/* ".../shim/.libs" -> ".../tools/reaper" */
		n -= sizeof libs - 1;
		while (n && self.dli_fname[n - 1] != '/')
			n--;
		memcpy(out, self.dli_fname, n);
		memcpy(out + n, built, sizeof built);
	} else {
		memcpy(out, installed, sizeof installed);
	}
}

int session_plan(const struct settings *settings, char *const *envp)
{
	struct lease *lease = &pt_session.lease;
	const char *tmpdir = environment_value(envp, "TMPDIR");
	struct policy_error error = { NULL, NULL, NULL };
	static const char head[] = LEASE_HEAD "00...\n";
	char reaper[PATH_MAX], *at = lease->text;
	size_t left = sizeof lease->text;
	struct policy policy;
	int n;

	/* The roots' names come first, to learn which one holds the lease. */
	memcpy(at, head, sizeof head - 1);
	at += sizeof head - 1;
	left -= sizeof head - 1;
	reaper_path(reaper, sizeof reaper);
	policy_put(&at, &left, "reaper", reaper);
	n = policy_compose(settings, envp,
			   settings_meet(settings) ? name_meeting : name_root,
			   at, left, &error);
	if (n < 0 && !error.value)
		error = (struct policy_error){ "policy", "no private directory "
					       "can be named", "name shorter "
					       "paths, or let getrandom(2) be" };
	else if (n >= 0 && policy_parse(at, (size_t)n, &policy) < 0)
		error = (struct policy_error){ "policy", "cannot be used",
					       "name fewer paths" };
	else if (n >= 0 && !policy.guards)
		error = (struct policy_error){ "policy", "nothing is guarded",
					       "name a directory, or set the "
					       "mode to off" };
	if (error.what) {
		/* A mistake of somebody's is told at once. */
		pt_session.reported = true;
		report(error.what, error.value, EINVAL, error.remedy);
		return -EINVAL;
	}
	at += n;
	left -= (size_t)n;
	lease_root(&policy.guard[0].root, pt_session.root);
	if (!policy_put(&at, &left, "session", pt_session.root))
		return -EINVAL;
	lease->len = (size_t)(at - lease->text);
	if (tmpdir && strlen(tmpdir) < sizeof pt_session.tmpdir)
		strcpy(pt_session.tmpdir, tmpdir);
	return lease_parse(lease);
}

/* A limit of the program's own (ulimit -f 0) is no reason to end it. */
static void drop_signal(int number)
{
	const long now[] = { 0, 0 };
	sigset_t set;

	sigemptyset(&set);
	sigaddset(&set, number);
	/* It is blocked by now, and pending unless it is ignored. */
	SYS4(SYS_rt_sigtimedwait, &set, NULL, now, _NSIG / 8);
}

/* Makes the lease in the root, locks it, and becomes its member. */
static int make_lease(int rootfd)
{
	struct session *s = &pt_session;
	int fd = sys_openat(rootfd, LEASE_NAME,
			    O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC,
			    0644);
	ssize_t n;
	int ret;

	if (fd < 0)
		return fd;
	ret = lease_share(fd);
	/* Whatever the umask is: other users of the session must read it. */
	if (ret == 0)
		ret = sys_fchmod(fd, 0644);
	if (ret == 0) {
		n = sys_write(fd, s->lease.text, s->lease.len);
		if (n == -EFBIG)
			drop_signal(SIGXFSZ);
		if (n != (ssize_t)s->lease.len)
			ret = n < 0 ? (int)n : -ENOSPC;
	}
	if (ret == 0)
		ret = session_map(fd, s->lease.len);
	sys_close(fd);
	return ret;
}

/* Says in one line why ROOT could not be made. */
static void report_root(const char *root, int error)
{
	char dir[POLICY_ROOT_MAX + 1];
	const char *slash = strrchr(root, '/');
	size_t n = slash ? (size_t)(slash - root) : 0;
	const char *remedy = "make it writable, or set PRIVTMP_ROOT";

	memcpy(dir, root, n);
	dir[n] = '\0';
	if (error == EPERM)
		remedy = "it must belong to root or to you and be sticky (mode "
			 "1777) where others can write; or set PRIVTMP_ROOT";
	else if (error == ENOSPC || error == EDQUOT)
		remedy = "free some space, or set PRIVTMP_ROOT";
	else if (error == ENOENT)
		remedy = "create it with mode 1777, or set PRIVTMP_ROOT";
	report(n ? dir : "/", "no private directory can be made here", error,
	       remedy);
}

void session_report(void)
{
	if (!config_report())
		report_root(pt_session.root, pt_session.error);
}

int session_make(void)
{
	struct session *s = &pt_session;
	int ret, fd;

	s->owner = s->euid;
	fd = make_root(s->root, s->owner);
	if (fd < 0)
		return fd;
	ret = make_lease(fd);
	if (ret == -EEXIST && s->lease.policy.scope == SCOPE_ROOT) {
		/* Somebody else has been faster. */
		sys_close(fd);
		return session_meet(false);
	}
	if (ret == 0)
		ret = make_below(fd, &s->lease.policy.guard[0].view,
				 BACKING_MODE);
	if (ret == 0)
		make_tmpdir(fd, 0);
	sys_close(fd);
	if (ret < 0) {
		remove_session(&s->lease, NULL);
		if (s->page)
			sys_unmap(s->page, s->mapped);
		s->page = NULL;
		return ret;
	}
	s->made = 1;
	s->parent = 0;
	return 0;
}

/* Makes a backing that is not in the first root. 0 or -errno. */
static int make_backing(unsigned guard)
{
	struct session *s = &pt_session;
	const struct guard *g = &s->lease.policy.guard[guard];
	char root[POLICY_ROOT_MAX + 1], lease[POLICY_ROOT_MAX + 16];
	int fd, ret;

	lease_root(&g->root, root);
	fd = make_root(root, s->owner);
	if (fd < 0)
		return fd;
	/* By this a sweep finds out whose it is; the first root's is a file. */
	lease_path(s->root, LEASE_NAME, lease, sizeof lease);
	ret = sys_symlinkat(lease, fd, LEASE_NAME);
	/* A seccomp filter may refuse it: then the name alone must do. */
	if (ret == -EEXIST || ret == -EPERM || ret == -ENOSYS)
		ret = 0;
	if (ret == 0)
		ret = make_below(fd, &g->view, BACKING_MODE);
	if (ret == 0)
		make_tmpdir(fd, guard);
	sys_close(fd);
	return ret;
}

/* Once; a directory that is not there is missing without us, too. */
static void report_backing(unsigned guard, int error)
{
	static unsigned told;
	char root[POLICY_ROOT_MAX + 1];

	if (error == ENOENT || __atomic_fetch_or(&told, 1u << guard,
						 __ATOMIC_RELAXED) & 1u << guard)
		return;
	lease_root(&pt_session.lease.policy.guard[guard].root, root);
	report_root(root, error);
}

int session_need_backing(unsigned guard, bool tell)
{
	struct session *s = &pt_session;
	int ret = -session_share();

	if (ret < 0 ||
	    __atomic_load_n(&s->made, __ATOMIC_RELAXED) & 1u << guard)
		return ret;
	/* Whoever leaves waits for us, or else we see that it has. */
	__atomic_fetch_add(&s->makers, 1, __ATOMIC_SEQ_CST);
	ret = -ENOENT;
	if (__atomic_load_n(&s->state, __ATOMIC_SEQ_CST) == SESSION_LIVE)
		ret = make_backing(guard);
	if (ret == 0)
		__atomic_fetch_or(&s->made, 1u << guard, __ATOMIC_RELAXED);
	/* A child that a handler has forked here is no longer counted. */
	if (__atomic_load_n(&s->makers, __ATOMIC_SEQ_CST))
		__atomic_fetch_sub(&s->makers, 1, __ATOMIC_SEQ_CST);
	if (ret < 0 && tell)
		report_backing(guard, -ret);
	return ret;
}
