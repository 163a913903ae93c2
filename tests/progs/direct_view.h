/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* A session by hand, on the /tmp and the /var/tmp of direct.h; and an /mnt that is outside. */
#ifndef DIRECT_VIEW_H
#define DIRECT_VIEW_H

#include "policy/policy.h"
#include "policy/view.h"
#include "session/session.h"

#include "direct.h"

#define ROOT "/tmp/.privtmp-AAAAAAAAAAAAAAAAAAAAAA"
#define ROOT2 "/var/tmp/.privtmp-BBBBBBBBBBBBBBBBBBBBBB"
#define PREFIX ROOT "/aaaaaaaaaaa"
#define PREFIX2 ROOT2 "/bbbbbbbbbbb"
#define IN PREFIX "/tmp"
#define OUT "/mnt"

static const char view_text[] = "guard " PREFIX "\t/tmp\nguard " PREFIX2
				"\t/var/tmp\nshare /tmp/s\n";
static struct policy policy;
static unsigned char view_flags[4]; /* what is known already */

static inline void begin_view(void)
{
	clear();
	umount2(OUT, MNT_DETACH);
	MUST(mount("out", OUT, "tmpfs", 0, "mode=755") == 0);
	make_dir(ROOT, 0, 0700);
	make_dir(PREFIX, 0, 0711);
	make_dir(IN, 0, 01777);
	make_dir(ROOT2, 0, 0700);
	make_dir(PREFIX2, 0, 0711);
	make_dir(PREFIX2 "/var", 0, 0711);
	make_dir(PREFIX2 "/var/tmp", 0, 01777);
	MUST(policy_parse(view_text, sizeof view_text - 1, &policy) == 0);
	pt_session.state = SESSION_LIVE;
	pt_session.made = 3;
	memset(view_flags, 0, sizeof view_flags);
	view_use(&policy, view_flags);
	pt_view.mixed = false;
}

#endif
