/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is told of a mount door that does not open (tools/door/ask.c): by the step that failed,
 * and by what the system says of itself. See direct.h.
 */
#include "../../tools/door/door.h"
#include "core/report.h"

#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>

/* What ask.c calls: whether there is a filter, and what is said. */
static bool filtered;
static char said[512];

static int seccomp_mode(void)
{
	return filtered ? 2 : 0;
}

static void tell(const char *path, const char *what, int error, const char *remedy)
{
	snprintf(said, sizeof said, "%s: %s: %d; %s", path, what, error,
		 remedy ? remedy : "");
}

#define prctl(what, a, b, c, d) seccomp_mode()
#define report(path, what, error, remedy) tell(path, what, error, remedy)
#include "../../tools/door/ask.c"
#undef prctl
#undef report

#include "direct.h"

/* A system with these settings (NULL: without it). */
static void begin(const char *clones, const char *apparmor, const char *spaces)
{
	static bool again;

	if (again)
		umount2("/proc", MNT_DETACH);
	again = true;
	MUST(mount("proc", "/proc", "tmpfs", 0, "mode=755") == 0);
	if (clones)
		write_text_there("/proc/sys/kernel/unprivileged_userns_clone", clones);
	if (apparmor)
		write_text_there("/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
				 apparmor);
	if (spaces)
		write_text_there("/proc/sys/user/max_user_namespaces", spaces);
	filtered = false;
}

/* Whether the cause of R begins with WANTED. */
static void cause_is(const struct refusal *r, const char *wanted)
{
	const struct cause *cause = ask_cause(r);
	char what[256];

	snprintf(what, sizeof what, "%.*s", (int)strlen(wanted), cause->what);
	TEXT_IS(r->step, what, wanted);
	TRUE(cause->remedy);
}

static void by_steps(void)
{
	static const struct {
		struct refusal refusal;
		const char *cause;
	} rows[] = {
		{ { STEP_KILLED, SIGSYS }, "a seccomp filter kills" },
		{ { STEP_AMBIENT, EPERM }, "in a user namespace it would lose" },
		{ { STEP_INOTIFY, EMFILE }, "there are as many of inotify's" },
		{ { STEP_INOTIFY, ENFILE }, "there are as many of inotify's" },
		{ { STEP_INOTIFY, ENOSYS }, "this kernel has no such" },
		{ { STEP_OPEN, EMFILE }, "there is no room" },
		{ { STEP_OPEN, ENFILE }, "there is no room" },
		{ { STEP_CHILD, EAGAIN }, "there is no room" },
		{ { STEP_CHILD, ENOMEM }, "there is no room" },
		{ { STEP_UNSHARE, ENOSPC }, "there are as many namespaces" },
		{ { STEP_UNSHARE, EUSERS }, "there are as many namespaces" },
		{ { STEP_UNSHARE, ENOSYS }, "this kernel has no such" },
		{ { STEP_UNSHARE, EINVAL }, "this kernel has no such" },
		{ { STEP_UNSHARE, EPERM }, "the kernel refuses it" },
		{ { STEP_MOUNT, EINVAL }, "this kernel has no such" },
		{ { STEP_MOUNT, EACCES }, "the kernel refuses it" },
	};

	begin(NULL, NULL, NULL);
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		cause_is(&rows[i].refusal, rows[i].cause);
}

static const struct setting_case {
	const char *clones, *apparmor, *spaces;
	bool filter;
	struct refusal refusal;
	const char *root, *user; /* what root, and a user, is told */
} settings[] = {
	{ "0\n",
	  NULL,
	  NULL,
	  false,
	  { STEP_UNSHARE, EPERM },
	  "the kernel leaves",
	  "the kernel leaves" },
	{ "1\n",
	  NULL,
	  NULL,
	  false,
	  { STEP_UNSHARE, EPERM },
	  "the kernel refuses",
	  "the kernel refuses" },
	{ "0\n",
	  NULL,
	  NULL,
	  false,
	  { STEP_MOUNT, EPERM },
	  "the kernel refuses",
	  "the kernel refuses" },
	{ NULL,
	  "1\n",
	  NULL,
	  false,
	  { STEP_MOUNT, EPERM },
	  "the kernel refuses",
	  "AppArmor" },
	{ NULL,
	  "0\n",
	  NULL,
	  false,
	  { STEP_MOUNT, EPERM },
	  "the kernel refuses",
	  "the kernel refuses" },
	{ NULL,
	  "1\n",
	  NULL,
	  true,
	  { STEP_MOUNT, EPERM },
	  "a seccomp filter is",
	  "a seccomp filter is" },
	{ NULL,
	  NULL,
	  "0\n",
	  false,
	  { STEP_UNSHARE, ENOSPC },
	  "there are to be no",
	  "there are to be no" },
	{ NULL,
	  NULL,
	  "9\n",
	  false,
	  { STEP_UNSHARE, ENOSPC },
	  "there are as many",
	  "there are as many" },
	/* What is no number is no setting. */
	{ "",
	  "",
	  "",
	  false,
	  { STEP_UNSHARE, EPERM },
	  "the kernel refuses",
	  "the kernel refuses" },
	{ "no\n",
	  "x",
	  "",
	  false,
	  { STEP_UNSHARE, EPERM },
	  "the kernel refuses",
	  "the kernel refuses" },
	{ NULL,
	  NULL,
	  "x\n",
	  false,
	  { STEP_UNSHARE, ENOSPC },
	  "there are as many",
	  "there are as many" },
};

static const struct setting_case *row;

static void as_user(void)
{
	become(ME);
	cause_is(&row->refusal, row->user);
	IS(ask_first(), row->filter || (row->apparmor && *row->apparmor == '1'));
}

static void by_settings(void)
{
	for (size_t i = 0; i < sizeof settings / sizeof *settings; i++) {
		row = &settings[i];
		begin(row->clones, row->apparmor, row->spaces);
		filtered = row->filter;
		cause_is(&row->refusal, row->root);
		/* Of root AppArmor asks nothing. */
		IS(ask_first(), row->filter);
		in_child(as_user);
	}
	/* A directory in a setting's place. */
	begin(NULL, NULL, NULL);
	write_text_there("/proc/sys/user/max_user_namespaces/x", "0");
	cause_is(&(struct refusal){ STEP_UNSHARE, ENOSPC }, "there are as many");
}

/* -- After chroot(2) -- */

static const struct refusal denied = { STEP_UNSHARE, EPERM },
			    unmountable = { STEP_MOUNT, EINVAL };

static void in_a_directory(void)
{
	MUST(chroot("/tmp/jail") == 0 && chdir("/") == 0);
	cause_is(&denied, "there are no user namespaces after chroot");
	cause_is(&unmountable, "the root directory is no mount point");
	cause_is(&(struct refusal){ STEP_MOUNT, EPERM }, "there are no user namespaces");
}

static void at_a_mount(void)
{
	MUST(mount("/tmp/jail", "/tmp/jail", NULL, MS_BIND, NULL) == 0);
	MUST(chroot("/tmp/jail") == 0 && chdir("/") == 0);
	/* By the first process's root, where that can be seen. */
	cause_is(&denied, "the kernel refuses it");
	make_dir("/proc", 0, 0755);
	make_dir("/proc/1", 0, 0755);
	make_link("/", "/proc/1/root", 0);
	cause_is(&denied, "the kernel refuses it");
	make_dir("/other", 0, 0755);
	make_link("/other", "/proc/1/root", 0);
	cause_is(&denied, "there are no user namespaces after chroot");
	cause_is(&unmountable, "the root directory is no mount point");
}

static void jails(void)
{
	begin(NULL, NULL, NULL);
	make_dir("/tmp/jail", 0, 0755);
	in_child(in_a_directory);
	in_child(at_a_mount);
	umount2("/tmp/jail", MNT_DETACH);
}

static void reports(void)
{
	begin("0\n", NULL, NULL);
	ask_report(&denied, "/bin/x", false);
	TEXT_IS("said", said,
		"/bin/x: the mount door does not open: the kernel leaves user namespaces "
		"to root (kernel.unprivileged_userns_clone is 0): unshare: 1; set it to 1 by "
		"sysctl");
	ask_report(&(struct refusal){ STEP_KILLED, SIGSYS }, "/bin/x", true);
	TEXT_IS("said", said,
		"/bin/x: the mount door does not open: a seccomp filter kills who asks for "
		"it: killed: 0; it runs unprotected");
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "steps", by_steps }, { "settings", by_settings },
		{ "jails", jails },    { "reports", reports },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
