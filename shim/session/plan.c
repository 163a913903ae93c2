/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Plans a session; see plan.h. */
#define _GNU_SOURCE
#include "session/plan.h"
#include "core/report.h"
#include "core/sys.h"
#include "policy/compose.h"
#include "policy/view.h"
#include "session/confine.h"
#include "session/handover.h"
#include "session/hints.h"
#include "session/inside.h"
#include "session/internal.h"
#include "session/join.h"
#include "session/own.h"
#include "session/root_name.h"
#include "session/session.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

int session_plan(const struct settings *settings, char *const *envp)
{
	struct session *s = &pt_session;
	struct lease *lease = &s->lease;
	char *tmpdir = (char *)environment_value(envp, "TMPDIR");
	/* It can only make more guarded. */
	char *const tmpdir_alone[] = { tmpdir ? tmpdir - (sizeof "TMPDIR=" - 1) : NULL,
				       NULL };
	struct policy_error error = { NULL, NULL, NULL };
	static const char head[] = LEASE_HEAD;
	char *at = lease->text;
	struct policy policy;
	size_t left;
	int n, ret;

	memcpy(at, head, sizeof head - 1);
	at += sizeof head - 1;
	s->callers |= session_says_callers(environment_value(envp, SESSION_VARIABLE));
	n = policy_compose(settings, s->callers ? tmpdir_alone : envp,
			   settings_meet(settings) ? root_prefix_meeting :
						     root_prefix_new,
			   at, sizeof lease->text - (sizeof head - 1), &error);
	if (n < 0 && !error.value)
		error = (struct policy_error){ "policy",
					       "no private directory "
					       "can be named",
					       "name shorter "
					       "paths, or let getrandom(2) be" };
	else if (n >= 0 && policy_parse(at, (size_t)n, &policy) < 0)
		error = (struct policy_error){ "policy", "cannot be used",
					       "name fewer paths" };
	else if (n >= 0 && !policy.guards)
		error = (struct policy_error){ "policy", "nothing is guarded",
					       "name a directory, or set the "
					       "mode to off" };
	if (error.what) {
		/* A mistake in the settings is reported at once. */
		pt_session.reported = true;
		report(error.what, error.value, EINVAL, error.remedy);
		return -EINVAL;
	}
	at += n;
	left = sizeof lease->text - (size_t)(at - lease->text);
	if (own_plan(&policy, &at, &left) < 0)
		return -E2BIG;
	lease->len = (size_t)(at - lease->text);
	/* The first root holds the lease. */
	text_copy(&policy.guard[0].root, pt_session.root);
	if (tmpdir && strlen(tmpdir) < sizeof pt_session.tmpdir)
		strcpy(pt_session.tmpdir, tmpdir);
	ret = lease_name_session(lease, pt_session.root, 0);
	return ret < 0 ? ret : lease_parse(lease);
}

/* Apart, because of its room on the stack, which each start would take. */
static __attribute__((noinline)) void report_cwd(void)
{
	char cwd[PATH_MAX];

	report(sys_getcwd(cwd, sizeof cwd) > 0 ? cwd : ".",
	       "others can write to the working directory, or to what leads to it", 0,
	       "start from another directory, or close it to others (chmod go-w)");
}

/*
 * Whether the process may start where the shim lies and where it stands. With
 * ONFAIL_PASS it goes on in a working directory that others can write to: all paths but
 * relative ones are private then.
 */
static bool may_start(enum onfail onfail)
{
	const char *shim = own_shim_open();

	if (shim)
		report(shim, "others can replace this shim", 0,
		       "close it and its directory to others (chmod go-w), or "
		       "put it elsewhere");
	else if (own_cwd() == OWN_OPEN && onfail == ONFAIL_DENY)
		report_cwd();
	else
		return true;
	pt_session.reported = true;
	view_use(&pt_session.lease.policy, NULL);
	view_exact();
	return false;
}

/*
 * Whether this process is behind the mount door of a session, which gives it a private
 * /tmp. With other settings it gets a session of its own.
 */
static bool is_inside(void)
{
	const struct policy *policy = &pt_session.lease.policy;

	if (policy->scope == SCOPE_PROCESS || !inside_ask(policy))
		return false;
	session_set_state(SESSION_OFF);
	return true;
}

/*
 * Plans a session, or joins the one to be met at a root. 0 or -errno. The state is LIVE
 * after joining, and OFF where there is nothing to plan.
 */
static int plan_or_meet(const struct settings *settings, char *const *envp,
			enum onfail onfail, bool tool)
{
	struct session *s = &pt_session;
	int ret;

	memset(&s->lease.policy, 0, sizeof s->lease.policy);
	ret = session_plan(settings, envp);
	if (ret == 0 && !tool && is_inside())
		return 0;
	if (ret == 0 && !may_start(onfail))
		ret = -EACCES;
	if (ret < 0 || !session_meets())
		return ret;
	ret = session_meet(true);
	if (ret == 0) {
		view_use(&s->lease.policy, hints_unread);
		__atomic_store_n(&s->state, SESSION_LIVE, __ATOMIC_RELEASE);
		return 0;
	}
	/* The failed joining may have changed the policy. */
	return ret == -ENOENT ? 0 : session_plan(settings, envp);
}

/*
 * The mount door alone holds a session to a size, by file systems of its own, which end
 * with it: by the shim a write is that of the file system that all share. A tool has chosen
 * the door by now. 0 or -errno.
 */
static int refuse_limit(struct settings *settings, char *const *envp, enum onfail onfail,
			bool tool)
{
	if (!tool)
		report(policy_settings[SETTING_SIZE_LIMIT].variable,
		       "cannot be kept by the library: its files lie on the file system "
		       "that all share",
		       0,
		       "use privtmp run --backend mount, or set PRIVTMP_ROOT to a file "
		       "system of that size");
	else
		report(policy_settings[SETTING_KEEP].variable,
		       "nothing can be kept of a session with PRIVTMP_SIZE_LIMIT, which "
		       "is in memory",
		       0, "set it to never, or set no limit");
	if (onfail == ONFAIL_PASS) {
		settings->size_limit = NULL;
		return session_plan(settings, envp);
	}
	pt_session.reported = true;
	return -EOPNOTSUPP;
}

int session_settle(const struct settings *settings, char *const *envp, enum onfail onfail,
		   bool tool)
{
	struct session *s = &pt_session;
	const struct policy *policy = &s->lease.policy;
	struct settings settled = *settings;
	struct obstacle obstacle;
	int ret = plan_or_meet(&settled, envp, onfail, tool);

	if (ret == 0 && policy->size_limit && s->state != SESSION_LIVE &&
	    s->state != SESSION_OFF && (!tool || policy->keep != KEEP_NEVER))
		ret = refuse_limit(&settled, envp, onfail, tool);
	if (ret < 0 || s->state == SESSION_LIVE || s->state == SESSION_OFF ||
	    policy->confine == CONFINE_NO)
		return ret;
	settled.confine = "no";
	/* After chroot(2): the domain stays, and is not of this session. */
	if (s->confined)
		return session_plan(&settled, envp);
	if (policy->confine == CONFINE_AUTO) {
		if (confine_suits(policy))
			settled.confine = "yes";
		return session_plan(&settled, envp);
	}
	confine_ask(policy, &obstacle);
	if (!obstacle.what)
		return 0;
	report(obstacle.about, obstacle.what, obstacle.error, obstacle.remedy);
	if (onfail == ONFAIL_PASS)
		return session_plan(&settled, envp);
	s->reported = true;
	return -EOPNOTSUPP;
}
