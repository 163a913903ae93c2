/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Confining a session by Landlock; see confine.h. The rules are in confine_rules.c. */
#define _GNU_SOURCE
#include "session/confine.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/view.h"
#include "session/confine_rules.h"
#include "session/plan.h"
#include "session/session.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <string.h>
#include <sys/prctl.h>

enum {
	ABI_REFER = 2, /* the first that allows moving files between directories */
	ABI_TRUNCATE = 3,
	RULESET_VERSION = 1, /* LANDLOCK_CREATE_RULESET_VERSION */
};

/* The version of the kernel's Landlock, or -errno. */
static int landlock_abi(void)
{
	return (int)SYS3(SYS_landlock_create_ruleset, NULL, 0, RULESET_VERSION);
}

/* Directories whose entries change, so that rules made once are not enough. */
static const char *const busy[] = { "/run", "/dev", "/home", "/proc", "/sys" };

/* Whether the guard GUARD is DIR, or below it. */
static bool is_below(const struct guard *guard, const char *dir)
{
	const size_t len = strlen(dir);

	return guard->view.len >= len && !memcmp(guard->view.at, dir, len) &&
	       (guard->view.len == len || guard->view.at[len] == '/');
}

static bool ask_guard(const struct guard *guard, struct obstacle *out)
{
	for (size_t i = 0; i < sizeof busy / sizeof *busy; i++) {
		if (!is_below(guard, busy[i]))
			continue;
		memcpy(out->room, guard->view.at, guard->view.len);
		out->room[guard->view.len] = '\0';
		out->about = out->room;
		out->what = "cannot be confined: what is made later beside such a "
			    "guarded directory, below /run, /dev or /home, would "
			    "be out of reach";
		out->remedy = "guard it without confine, or confine without it";
		return false;
	}
	return true;
}

static bool ask_kernel(struct obstacle *out)
{
	const int abi = landlock_abi();

	if (abi >= ABI_REFER)
		return true;
	out->remedy = "set it to no, or run a kernel with Landlock, 5.19 or newer";
	if (abi == -ENOSYS) {
		out->what = "this kernel has no Landlock, or a filter hides it";
	} else if (abi == -EOPNOTSUPP) {
		out->what = "this kernel's Landlock is switched off";
		out->remedy = "set it to no, or boot with landlock among lsm=";
	} else if (abi < 0) {
		out->what = "Landlock is refused here";
		out->remedy = "set it to no, or have the container or service allow "
			      "landlock_create_ruleset(2)";
		out->error = -abi;
	} else {
		out->what = "this kernel's Landlock is of version 1, which lets no "
			    "file be moved to another directory";
	}
	return false;
}

void confine_ask(const struct policy *policy, struct obstacle *out)
{
	*out = (struct obstacle){ .about = "PRIVTMP_CONFINE=yes" };
	if (!ask_kernel(out))
		return;
	for (unsigned i = 0; i < policy->guards; i++)
		if (!ask_guard(&policy->guard[i], out))
			return;
}

/* -- What "auto" comes to -- */

/* The number of threads; 0: unknown. */
static unsigned threads(void)
{
	struct statx st;

	/* One directory per thread, and "." and "..". */
	if (sys_statx(AT_FDCWD, "/proc/self/task", 0, &st) < 0 || st.stx_nlink < 3)
		return 0;
	return st.stx_nlink - 2;
}

/* Whether the process has, or can get, capabilities for what a domain forbids. */
static bool is_powerful(void)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
	const uint32_t powers = 1U << CAP_SYS_ADMIN | 1U << CAP_SYS_PTRACE;

	memset(data, 0, sizeof data);
	return SYS2(SYS_capget, &head, data) < 0 || (data[0].permitted & powers);
}

/* Whether the file NAME of procfs says "0". */
static bool says_zero(const char *name)
{
	char byte = 0;
	int fd = sys_openat(AT_FDCWD, name, O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return false;
	sys_read(fd, &byte, 1);
	sys_close(fd);
	return byte == '0';
}

/*
 * Whether user namespaces are unavailable: in one, the program could mount. A filter
 * that refuses them checks the flags before the kernel does; the kernel sees flags
 * without effect.
 */
static bool no_user_namespaces(void)
{
	const long never = CLONE_NEWUSER | 1;

	return says_zero("/proc/sys/user/max_user_namespaces") ||
	       says_zero("/proc/sys/kernel/unprivileged_userns_clone") ||
	       SYS1(SYS_unshare, never) != -EINVAL;
}

/* Whether all guards are entries of "/" and "/var". */
static bool is_usual(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->guards; i++) {
		const struct text *view = &policy->guard[i].view;
		const char *slash = text_last(view->at, '/', view->len);

		if (slash != view->at &&
		    (slash - view->at != 4 || memcmp(view->at, "/var", 4) != 0))
			return false;
	}
	return true;
}

bool confine_suits(const struct policy *policy)
{
	struct obstacle obstacle;

	if (policy->scope != SCOPE_TREE || policy->mode != MODE_REDIRECT ||
	    !is_usual(policy) || threads() != 1 || is_powerful() ||
	    SYS5(SYS_prctl, PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1 ||
	    !no_user_namespaces())
		return false;
	confine_ask(policy, &obstacle);
	return !obstacle.what;
}

/* -- The domain -- */

/*
 * Enters the domain; sets no_new_privs where the process lacks the privilege to do
 * without. 0 or -errno.
 */
static int enter_domain(int ruleset)
{
	long ret = SYS2(SYS_landlock_restrict_self, ruleset, 0);

	if (ret != -EPERM)
		return (int)ret;
	ret = SYS5(SYS_prctl, PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	return ret < 0 ? (int)ret : (int)SYS2(SYS_landlock_restrict_self, ruleset, 0);
}

static int install_domain(const struct policy *policy)
{
	uint64_t handled = CONFINE_HANDLED;
	int ruleset, ret;

	if (landlock_abi() < ABI_TRUNCATE)
		handled &= ~(uint64_t)CONFINE_TRUNCATE;
	/* Later versions have more members, whose accesses are not handled then. */
	ruleset = (int)SYS3(SYS_landlock_create_ruleset, &handled, sizeof handled, 0);
	if (ruleset < 0)
		return ruleset;
	ret = confine_rules(ruleset, handled, policy);
	if (ret == 0)
		ret = enter_domain(ruleset);
	sys_close(ruleset);
	return ret;
}

int confine_start(void)
{
	struct session *s = &pt_session;
	const struct policy *policy = &s->lease.policy;
	int ret;

	if (s->confined)
		return 0;
	/* A backing that cannot be made is reported by the call that needs it. */
	for (unsigned i = 0; i < policy->guards; i++)
		(void)session_need_backing(i, false);
	if (threads() > 1)
		report("PRIVTMP_CONFINE=yes",
		       "there is more than one thread already: "
		       "the others are not confined",
		       0, "start it by privtmp run --confine");
	ret = install_domain(policy);
	s->confined = ret == 0;
	return ret;
}
