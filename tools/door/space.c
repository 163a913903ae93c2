/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The namespaces of the mount door; see door.h. */
#include "door/door.h"
#include "core/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <unistd.h>

enum { CAPABILITIES = 64 };

/* Reads this process's capability sets; false: it failed. */
static bool get_sets(struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3])
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	return SYS2(SYS_capget, &head, set) == 0;
}

static uint64_t wide(uint32_t low, uint32_t high)
{
	return (uint64_t)high << 32 | low;
}

void space_save_rights(struct rights *r)
{
	struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3];

	r->permitted = r->effective = 0;
	if (get_sets(set)) {
		r->permitted = wide(set[0].permitted, set[1].permitted);
		r->effective = wide(set[0].effective, set[1].effective);
	}
	r->bounding = 0;
	r->securebits = prctl(PR_GET_SECUREBITS, 0, 0, 0, 0);
	for (int i = 0; i < CAPABILITIES; i++) {
		int has = prctl(PR_CAPBSET_READ, i, 0, 0, 0);

		if (has < 0)
			break; /* the kernel's last capability */
		if (has)
			r->bounding |= (uint64_t)1 << i;
	}
}

/*
 * Who has no_new_privs keeps by exec what it has here, where that is less than the
 * bounding set: with a new user namespace it came to have all.
 */
static int lower_sets(const struct rights *r)
{
	struct __user_cap_header_struct head = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3];

	if (!get_sets(set))
		return -EPERM;
	for (int i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		set[i].permitted &= (uint32_t)(r->permitted >> 32 * i);
		set[i].effective &= (uint32_t)(r->effective >> 32 * i);
	}
	return (int)SYS2(SYS_capset, &head, set);
}

int space_restore_rights(const struct rights *r, struct refusal *refusal)
{
	refusal->step = STEP_RIGHTS;
	for (int i = 0; i < CAPABILITIES; i++) {
		if (r->bounding >> i & 1)
			continue;
		if (prctl(PR_CAPBSET_READ, i, 0, 0, 0) < 0)
			break;
		if (prctl(PR_CAPBSET_DROP, i, 0, 0, 0) < 0 &&
		    prctl(PR_CAPBSET_READ, i, 0, 0, 0) != 0)
			return refusal->error = errno, -errno;
	}
	if (r->securebits >= 0 && prctl(PR_GET_SECUREBITS, 0, 0, 0, 0) != r->securebits &&
	    prctl(PR_SET_SECUREBITS, r->securebits, 0, 0, 0) < 0)
		return refusal->error = errno, -errno;
	refusal->error = -lower_sets(r);
	return -refusal->error;
}

/* -- Which id is which -- */

int space_write(const char *process, const char *name, const char *text)
{
	char path[64];
	int fd;
	ssize_t n;

	snprintf(path, sizeof path, "/proc/%s/%s", process, name);
	fd = sys_openat(AT_FDCWD, path, O_WRONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	n = sys_write(fd, text, strlen(text));
	sys_close(fd);
	return n < 0 ? (int)n : 0;
}

/* The caller's user and group: every user may map these. */
static int map_self(uid_t uid, gid_t gid)
{
	static const char self[] = "self";
	char line[64];
	int ret = space_write(self, "setgroups", "deny");

	if (ret < 0 && ret != -ENOENT) /* Linux before 3.19 */
		return ret;
	snprintf(line, sizeof line, "%u %u 1", uid, uid);
	ret = space_write(self, "uid_map", line);
	if (ret < 0)
		return ret;
	snprintf(line, sizeof line, "%u %u 1", gid, gid);
	return space_write(self, "gid_map", line);
}

/* -- The namespaces -- */

/* Makes a user namespace, and a mount namespace owned by it. 0 or -errno. */
static int unshare_both(struct refusal *refusal)
{
	const uid_t uid = geteuid();
	const gid_t gid = getegid();
	int ret = -EPERM;

	/* If the other ids are not mapped, chown and su fail for root in a container. */
	if (uid == 0)
		maps_prepare();
	if (unshare(CLONE_NEWUSER | CLONE_NEWNS) < 0) {
		ret = -errno;
		if (uid == 0)
			maps_write(false);
		return ret;
	}
	refusal->step = STEP_MAPS;
	if (uid == 0)
		ret = maps_write(true);
	return ret < 0 ? map_self(uid, gid) : 0;
}

/* Whether a program that is executed now has capabilities, but for user 0's. */
static bool has_ambient(void)
{
	struct __user_cap_data_struct set[_LINUX_CAPABILITY_U32S_3];
	/* The ambient ones are among these; and most processes have none. */
	uint64_t may = UINT64_MAX;

	if (get_sets(set))
		may = wide(set[0].permitted & set[0].inheritable,
			   set[1].permitted & set[1].inheritable);
	for (int i = 0; i < CAPABILITIES; i++)
		if ((may >> i & 1) &&
		    prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, i, 0, 0) == 1)
			return true;
	return false;
}

int space_enter(struct refusal *refusal, bool *user)
{
	int ret = unshare(CLONE_NEWNS) < 0 ? -errno : 0;

	refusal->step = STEP_UNSHARE;
	*user = ret < 0;
	if (*user && geteuid() != 0 && has_ambient())
		refusal->step = STEP_AMBIENT;
	else if (*user)
		ret = unshare_both(refusal);
	/* Mounts must not propagate out of this namespace. */
	if (ret == 0 && mount(NULL, "/", NULL, MS_REC | MS_SLAVE, NULL) < 0) {
		refusal->step = STEP_MOUNT;
		ret = -errno;
	}
	refusal->error = -ret;
	return ret;
}
