/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * What is done where a kernel lacks a call (core/older.c), against the kernel that has it. See
 * direct.h.
 */
#include "core/older.c"

#include "direct.h"
#include <grp.h>

enum { MINE = 61240, SECOND = 61241, NOBODYS = 61242 };

static const char *const names[] = { "/tmp/file", "/tmp/dir", "/tmp/none" };

/* Each file by each right, as the kernel judges the effective user. */
static void compare(void)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		for (int want = 0; want < 8; want++) {
			const int kernels =
				faccessat(AT_FDCWD, names[i], want, AT_EACCESS) < 0 ?
					-errno :
					0;

			IS(older_access(names[i], want), kernels);
		}
}

static gid_t effective_group;
static uid_t real_user, effective_user;

static void judge(void)
{
	const gid_t groups[] = { MINE, SECOND };

	MUST(setgroups(2, groups) == 0);
	MUST(setresgid(OTHER, effective_group, effective_group) == 0);
	MUST(setresuid(real_user, effective_user, effective_user) == 0);
	compare();
}

static void rights(void)
{
	static const unsigned owners[] = { ME, OTHER },
			      groups[] = { MINE, SECOND, NOBODYS },
			      modes[] = { 0, 0700, 0070, 0007, 0640, 0111, 0751, 0777 },
			      users[][2] = { { OTHER, ME }, { ME, ME }, { OTHER, 0 } };

	make_file(names[0], 0, 0600);
	make_dir(names[1], 0, 0700);
	for (size_t u = 0; u < sizeof users / sizeof *users; u++)
		for (size_t o = 0; o < sizeof owners / sizeof *owners; o++)
			for (size_t g = 0; g < sizeof groups / sizeof *groups; g++)
				for (size_t m = 0; m < sizeof modes / sizeof *modes;
				     m++) {
					for (int i = 0; i < 2; i++)
						MUST(chown(names[i], owners[o],
							   groups[g]) == 0 &&
						     chmod(names[i], modes[m]) == 0);
					real_user = users[u][0];
					effective_user = users[u][1];
					effective_group = MINE;
					in_child(judge);
				}
}

/* All descriptors from one on, whether they are listed or not. */
static void close_some(void)
{
	for (int fd = 30; fd < 40; fd++)
		MUST(dup2(2, fd) == fd);
	older_close_from(35);
	for (int fd = 30; fd < 40; fd++)
		IS(fcntl(fd, F_GETFD) >= 0, fd < 35);
}

static void closing(void)
{
	in_child(close_some);
	MUST(mount("none", "/proc", "tmpfs", 0, "") == 0);
	in_child(close_some);
	MUST(umount("/proc") == 0);
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "rights", rights },
		{ "closing", closing },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
