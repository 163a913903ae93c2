/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* The table that privtmp list shows; see list_table.h. */
#include "list_table.h"
#include "fit.h"
#include "session/root_name.h"
#include "show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum column { SESSION, OWNER, AGE, STATE, MEMBERS, FILES, SIZE, COLUMNS };

/* Widths; a negative one is aligned to the left. The first takes what room there is. */
static const struct {
	const char *head;
	int width;
} columns[COLUMNS] = {
	[SESSION] = { "SESSION", -36 }, [OWNER] = { "OWNER", -10 },
	[AGE] = { "AGE", 5 },		[STATE] = { "STATE", -8 },
	[MEMBERS] = { "MEMBERS", 7 },	[FILES] = { "FILES", 7 },
	[SIZE] = { "SIZE", 7 },
};

/* In which order they go where there is no room for all. */
static const enum column spare[] = { FILES, AGE, OWNER, MEMBERS };

enum {
	NARROW = 12, /* as much of an id as tells it from others */
	WIDEST = 4 * POLICY_ROOT_MAX + 1,
};

static struct {
	int width;	 /* 0: as wide as it gets */
	int rows;	 /* that are left but for the last; -1: any number */
	unsigned beyond; /* sessions that there was no row for */
	int session;
	bool hidden[COLUMNS];
} table;

/* What all columns but the first take. */
static int others_width(void)
{
	int sum = 0;

	for (int i = SESSION + 1; i < COLUMNS; i++)
		if (!table.hidden[i])
			sum += 1 + abs(columns[i].width);
	return sum;
}

static void put_cell(enum column column, const char *text, bool last)
{
	const int width = column == SESSION ? -table.session : columns[column].width;

	if (table.hidden[column])
		return;
	printf("%s%*.*s", column == SESSION ? "" : " ", last && width < 0 ? 0 : width,
	       table.width ? abs(width) : WIDEST, text);
}

/* Whether there is a row left, which is taken. */
static bool take_row(void)
{
	if (table.rows > 0)
		table.rows--;
	else if (table.rows == 0)
		return false;
	return true;
}

static void put_row(const char *const text[COLUMNS])
{
	for (int i = 0; i < COLUMNS; i++)
		put_cell((enum column)i, text[i], i == COLUMNS - 1);
	putchar('\n');
}

void list_table_begin(int rows)
{
	const char *heads[COLUMNS];

	memset(&table, 0, sizeof table);
	table.width = fit_width();
	/* The head, the end, and the line in which the cursor is. */
	table.rows = rows == 0 ? -1 : rows > 4 ? rows - 3 : 1;
	for (size_t i = 0; i < sizeof spare / sizeof *spare; i++)
		if (table.width && table.width - others_width() < NARROW)
			table.hidden[spare[i]] = true;
	table.session = abs(columns[SESSION].width);
	if (table.width && table.width - others_width() < table.session)
		table.session = table.width - others_width();
	if (table.session < 1)
		table.session = 1;
	for (int i = 0; i < COLUMNS; i++)
		heads[i] = columns[i].head;
	put_row(heads);
}

/*
 * "3s", "12m", "5h", "9d": in a unit of which there are two or more. "-": the time is not
 * known, as that of a root that cannot be inspected.
 */
static void age_text(long long changed, char *out, size_t size)
{
	enum { MINUTE = 60, HOUR = 60 * MINUTE, DAY = 24 * HOUR };
	long age = (long)((long long)time(NULL) - changed);

	if (age < 0)
		age = 0;
	if (changed == 0)
		snprintf(out, size, "-");
	else if (age < 2 * MINUTE)
		snprintf(out, size, "%lds", age);
	else if (age < 2 * HOUR)
		snprintf(out, size, "%ldm", age / MINUTE);
	else if (age < 2 * DAY)
		snprintf(out, size, "%ldh", age / HOUR);
	else
		snprintf(out, size, "%ldd", age / DAY);
}

static void size_text(unsigned long long bytes, char *out, size_t size)
{
	static const char units[] = "BKMGTPE";
	int unit = 0;

	while (bytes >= 10000 && units[unit + 1]) {
		bytes /= 1024;
		unit++;
	}
	snprintf(out, size, "%llu%c", bytes, units[unit]);
}

unsigned list_members(const struct found *f)
{
	unsigned n = 0;

	for (const struct member *m = f->members; m; m = m->next)
		n++;
	return n;
}

/* The root's path; where that does not fit, as much of its id as does, by which enter goes. */
static const char *session_text(const struct found *f, char out[WIDEST])
{
	const char *name = f->root;

	if (table.width && strlen(f->root) > (size_t)table.session)
		name = strrchr(f->root, '/') + sizeof ROOT_BEGIN;
	return show_text(name, out, WIDEST);
}

/* Who is not the session's owner is named: that he keeps it alive may be a surprise. */
static void put_member(const struct found *f, const struct member *m)
{
	char user[64], line[1024], command[512];
	int n = snprintf(line, sizeof line, "  %7ld ", (long)m->pid);

	if (m->uid != f->owner)
		n += snprintf(line + n, sizeof line - (size_t)n, "(%s) ",
			      user_name(m->uid, user, sizeof user));
	snprintf(line + n, sizeof line - (size_t)n, "%s%s",
		 m->mounts ? "(by mounts) " : "",
		 show_text(m->command, command, sizeof command));
	printf("%.*s\n", table.width ? table.width : (int)sizeof line, line);
}

void list_table_put(const struct found *f)
{
	const struct usage usage = f->usage;
	char owner[64], age[32], size[32], files[32], members[32], root[WIDEST];
	const char *cells[COLUMNS] = {
		[SESSION] = session_text(f, root),
		[OWNER] = owner,
		[AGE] = age,
		[STATE] = found_word(f->state),
		[MEMBERS] = members,
		[FILES] = files,
		[SIZE] = size,
	};

	if (!take_row()) {
		table.beyond++;
		return;
	}
	user_name(f->owner, owner, sizeof owner);
	age_text(f->changed, age, sizeof age);
	size_text(usage.bytes, size, sizeof size);
	snprintf(files, sizeof files, "%llu%s", usage.files, usage.partly ? "+" : "");
	snprintf(members, sizeof members, "%u", list_members(f));
	if (!f->lease) {
		strcpy(size, "-");
		strcpy(files, "-");
	}
	put_row(cells);
	for (const struct member *m = f->members; m && take_row(); m = m->next)
		put_member(f, m);
}

void list_table_end(void)
{
	if (table.beyond)
		printf("and %u more\n", table.beyond);
}
