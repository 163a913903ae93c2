/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Fewer rights; see less.h. By system calls alone: libcap is not everywhere. */
#include "less.h"
#include "core/owner.h"

#include <grp.h>
#include <linux/capability.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
static const __u32 reads = 1U << CAP_DAC_READ_SEARCH;

static bool reads_all(void)
{
	struct __user_cap_data_struct has[2];

	return syscall(SYS_capget, &header, has) == 0 && (has[0].permitted & reads);
}

void less_rights(void)
{
	const struct __user_cap_data_struct some[2] = { { reads, reads, 0 } };
	const struct rlimit none = { 0, 0 };

	setrlimit(RLIMIT_CORE, &none);
	prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
	if (geteuid() != 0 || !reads_all() || prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) < 0)
		return;
	if (setgroups(0, NULL) < 0 ||
	    setresgid(OVERFLOW_USER, OVERFLOW_USER, OVERFLOW_USER) < 0 ||
	    setresuid(OVERFLOW_USER, OVERFLOW_USER, OVERFLOW_USER) < 0)
		return;
	syscall(SYS_capset, &header, some);
}
