/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Inside the mount door; see inside.h. */
#define _GNU_SOURCE
#include "session/inside.h"
#include "core/sys.h"
#include "core/valgrind.h"
#include "session/root_name.h"

#include <fcntl.h>
#include <string.h>

enum {
	MNT_ID_UNIQUE = 0x4000, /* of statx(2) */
	FS_ROOT = 2,		/* the only directory with so small a number */
	FIELD_ROOT = 3,		/* in a line of mountinfo: the mounted directory, */
	FIELD_POINT = 4,	/* and its mount point */
	FIELD_MAX = POLICY_ROOT_MAX + POLICY_PATH,
};

/* The part of a line that was read. */
struct line {
	unsigned field;
	size_t len[2];
	char text[2][FIELD_MAX]; /* the two fields */
	bool cut;		 /* it is too long to be ours */
};

/* Decodes "\040" and the like, by which mountinfo writes blanks. */
static size_t unescape(char *text, size_t len)
{
	size_t to = 0;

	for (size_t at = 0; at < len; at++, to++) {
		text[to] = text[at];
		if (text[at] != '\\' || len - at < 4)
			continue;
		text[to] = (char)((text[at + 1] - '0') << 6 | (text[at + 2] - '0') << 3 |
				  (text[at + 3] - '0'));
		at += 3;
	}
	return to;
}

/* Whether the LEN bytes at ROOT are a backing of VIEW in some root. */
static bool is_backing(const char *root, size_t len, const struct text *view)
{
	return len > view->len && !memcmp(root + len - view->len, view->at, view->len) &&
	       root_prefix_is(root, len - view->len);
}

/*
 * Call at the end of a line. *FOUND: whether the last mount over VIEW so far is a
 * backing.
 */
static void judge(struct line *line, const struct text *view, bool *found)
{
	size_t point;

	if (line->field > FIELD_POINT && !line->cut) {
		point = unescape(line->text[1], line->len[1]);
		line->len[0] = unescape(line->text[0], line->len[0]);
		if (point == view->len && !memcmp(line->text[1], view->at, point))
			*found = is_backing(line->text[0], line->len[0], view);
	}
	line->field = 0;
	line->len[0] = line->len[1] = 0;
	line->cut = false;
}

static void take(struct line *line, char c, const struct text *view, bool *found)
{
	const unsigned which = line->field - FIELD_ROOT;

	if (c == '\n')
		judge(line, view, found);
	else if (c == ' ')
		line->field++;
	else if (which < 2 && line->len[which] < FIELD_MAX)
		line->text[which][line->len[which]++] = c;
	else if (which < 2)
		line->cut = true;
}

/* Whether the last mount over VIEW is that of a backing. */
static bool is_mounted(const struct text *view)
{
	struct line line = { .field = 0 };
	bool found = false;
	char room[1024];
	ssize_t n;
	int fd = sys_openat(AT_FDCWD, "/proc/self/mountinfo", O_RDONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return false;
	while ((n = sys_read(fd, room, sizeof room)) > 0)
		for (ssize_t i = 0; i < n; i++)
			take(&line, room[i], view, &found);
	sys_close(fd);
	return found;
}

/* -- Without reading all mounts -- */

/* The part used of struct mnt_id_req. */
struct mount_wanted {
	uint32_t size, spare;
	uint64_t id, mask;
};

struct mount_answer {
	struct mount_told told;
	char text[FIELD_MAX];
};

/* Whether the mount ID shows a backing of VIEW; -1: the kernel does not tell. */
static int ask_mount(uint64_t id, const struct text *view)
{
	const struct mount_wanted want = { .size = 24, .id = id, .mask = MOUNT_ROOT };
	struct mount_answer answer;
	const char *root;

	if (SYS4(SYS_statmount, &want, &answer, sizeof answer, 0) < 0 ||
	    answer.told.root >= sizeof answer.text)
		return -1;
	answer.text[sizeof answer.text - 1] = '\0';
	root = answer.text + answer.told.root;
	return is_backing(root, strlen(root), view);
}

/* stx_mnt_id, which some headers lack. */
static uint64_t mount_id(const struct statx *st)
{
	uint64_t id;

	memcpy(&id, (const char *)st + 0x90, sizeof id);
	return id;
}

/* Whether a backing of VIEW is mounted over it. */
static bool is_covered(const struct text *view)
{
	char path[POLICY_PATH + 1];
	struct statx st;
	int ret = -1;

	if (view->len > POLICY_PATH)
		return false;
	text_copy(view, path);
	if (SYS5(SYS_statx, AT_FDCWD, path, 0, STATX_BASIC_STATS | MNT_ID_UNIQUE, &st) <
		    0 &&
	    sys_statx(AT_FDCWD, path, 0, &st) < 0)
		return false;
	/* Linux before 5.8 does not tell what is a mount point. */
	if ((st.stx_attributes_mask & STATX_ATTR_MOUNT_ROOT) &&
	    !(st.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return false;
	if (st.stx_ino <= FS_ROOT)
		return false;
	/* valgrind reports unknown calls. */
	if ((st.stx_mask & MNT_ID_UNIQUE) && !valgrind_runs())
		ret = ask_mount(mount_id(&st), view);
	return ret < 0 ? is_mounted(view) : ret;
}

bool inside_ask(const struct policy *policy)
{
	for (unsigned i = 0; i < policy->guards; i++)
		if (is_covered(&policy->guard[i].view))
			return true;
	return false;
}
