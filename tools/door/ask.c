/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* What forbids the mount door; see door.h. */
#include "door/door.h"
#include "core/report.h"
#include "core/sys.h"
#include "session/trust.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <unistd.h>

/* The number in the file PATH, or -1. */
static long number_in(const char *path)
{
	unsigned long number;
	char text[32];
	int fd = sys_openat(AT_FDCWD, path, O_RDONLY | O_CLOEXEC, 0);
	ssize_t n;

	if (fd < 0)
		return -1;
	n = sys_read(fd, text, sizeof text - 1);
	sys_close(fd);
	if (n <= 0)
		return -1;
	text[n] = '\0';
	return sys_number(text, &number) ? (long)number : -1;
}

static bool has_filter(void)
{
	return prctl(PR_GET_SECCOMP, 0, 0, 0, 0) > 0;
}

static bool has_apparmor(void)
{
	return number_in("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") > 0 &&
	       geteuid() != 0;
}

/* After chroot(2) there are no user namespaces. */
static bool is_in_chroot(void)
{
	struct statx here, outer;

	if (sys_statx(AT_FDCWD, "/", 0, &here) < 0)
		return false;
	/* A plain user may not look at another's root, nor anyone without proc(5). */
	if ((here.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
	    !(here.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return true;
	return sys_statx(AT_FDCWD, "/proc/1/root/.", 0, &outer) == 0 &&
	       !trust_same(&here, &outer);
}

bool ask_first(void)
{
	return has_filter() || has_apparmor();
}

static const struct cause *cause_of_limit(void)
{
	static const struct cause none = {
		"there are to be no user namespaces (user.max_user_namespaces is 0)",
		"raise it by sysctl",
	}, all = {
		"there are as many namespaces as may be (user.max_user_namespaces, "
		"user.max_mnt_namespaces)",
		"raise them by sysctl",
	};

	return number_in("/proc/sys/user/max_user_namespaces") == 0 ? &none : &all;
}

/* What forbids a step that failed with EPERM, EACCES or ENOSYS. */
static const struct cause *cause_of_denial(const struct refusal *r)
{
	static const struct cause switched = {
		"the kernel leaves user namespaces to root "
		"(kernel.unprivileged_userns_clone is 0)",
		"set it to 1 by sysctl",
	}, apparmor = {
		"AppArmor denies user namespaces "
		"(kernel.apparmor_restrict_unprivileged_userns)",
		"load the profile that comes with privtmp",
	}, filter = {
		"a seccomp filter is in the way",
		"have the container or service allow unshare(2) and mount(2)",
	}, jail = {
		"there are no user namespaces after chroot(2)",
		"start it from outside",
	}, unmounted = {
		"the root directory is no mount point after chroot(2)",
		"start it from outside, or mount that directory on itself "
		"(mount --bind) before",
	}, lacks = {
		"this kernel has no such namespaces",
		"use one that has (CONFIG_USER_NS)",
	}, other = {
		"the kernel refuses it",
		"run it as root, or let a security module allow it",
	};

	if (!strcmp(r->step, STEP_UNSHARE) &&
	    number_in("/proc/sys/kernel/unprivileged_userns_clone") == 0)
		return &switched;
	if (!strcmp(r->step, STEP_MOUNT) && r->error == EINVAL && is_in_chroot())
		return &unmounted;
	if (has_filter())
		return &filter;
	if (has_apparmor())
		return &apparmor;
	if (r->error == ENOSYS || r->error == EINVAL)
		return &lacks;
	return is_in_chroot() ? &jail : &other;
}

const struct cause *ask_cause(const struct refusal *r)
{
	static const struct cause inotify = {
		"there are as many of inotify's instances as may be "
		"(fs.inotify.max_user_instances)",
		"raise it by sysctl",
	}, killed = {
		"a seccomp filter kills who asks for it",
		"have the container or service allow unshare(2) and mount(2)",
	}, ambient = {
		"in a user namespace it would lose its capabilities",
		"let the kernel confine it, or have CAP_SYS_ADMIN among them",
	}, full = { "there is no room for it", "let this user have more processes" };

	if (!strcmp(r->step, STEP_KILLED))
		return &killed;
	if (!strcmp(r->step, STEP_AMBIENT))
		return &ambient;
	if (!strcmp(r->step, STEP_INOTIFY) && (r->error == EMFILE || r->error == ENFILE))
		return &inotify;
	if (r->error == ENOSPC || r->error == EUSERS)
		return cause_of_limit();
	if (r->error == EAGAIN || r->error == ENOMEM || r->error == EMFILE ||
	    r->error == ENFILE)
		return &full;
	return cause_of_denial(r);
}

void ask_report(const struct refusal *r, const char *path, bool warn)
{
	const struct cause *cause = ask_cause(r);
	char what[256];

	snprintf(what, sizeof what, "the mount door does not open: %s: %s", cause->what,
		 r->step);
	report(path, what, !strcmp(r->step, STEP_KILLED) ? 0 : r->error,
	       warn ? "it runs unprotected" : cause->remedy);
}
