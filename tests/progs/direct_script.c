/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * Who interprets a script, in which language, and what of it is code (tools/binary/script.c):
 * by first lines and by texts of all kinds. See direct.h.
 */
#include "../../tools/binary/script.c"

#include "direct.h"

/* -- What script.c asks: the interpreters, and what is wrong in a line -- */

static struct subject looked_at = { .path = (char *)"interpreter" };
static int looks;

enum subject_outcome subject_read(const struct shim *shim, const char *path, bool deep,
				  struct subject **out, struct wrong *wrong)
{
	(void)shim, (void)deep, (void)wrong;
	looks++;
	*out = strcmp(path, "/missing") != 0 ? &looked_at : NULL;
	return *out ? SUBJECT_READ : SUBJECT_WRONG;
}

bool interpreter_runs(const char *path)
{
	return !strcmp(path, "private");
}

const char *texts_add(struct texts *texts, const char *format, ...)
{
	(void)format;
	texts->n++;
	return NULL;
}

/* The lines that are code, each with "|" behind it; one in a shell with set -C has a "!". */
static char code[512];

void script_judge_line(struct subject *subject, const struct script_line *line)
{
	(void)subject;
	strcat(code, line->text);
	strcat(code, line->exclusive ? "!|" : "|");
}

/* The outcome for TEXT in a file PATH; what was found is in SUBJECT until forget. */
static enum subject_outcome read_text(struct subject *subject, const char *path,
				      const char *text)
{
	static const struct shim shim;

	*subject = (struct subject){ .path = (char *)path };
	*code = '\0';
	return subject_read_script(subject, &shim, text, strlen(text), true);
}

static void forget(struct subject *subject)
{
	free(subject->interpreter);
}

/* -- First lines -- */

/* A directory first in PATH with programs, and with what is none. */
static void make_programs(void)
{
	make_dir("/tmp/bin", 0, 0755);
	make_file("/tmp/bin/python3", 0, 0755);
	make_file("/tmp/bin/a b", 0, 0755);
	make_file("/tmp/bin/-x", 0, 0755);
	make_file("/tmp/bin/plain", 0, 0644);
	make_dir("/tmp/bin/sh", 0, 0755);
	make_dir("/tmp/more", 0, 0755);
	make_file("/tmp/more/sh", 0, 0755);
	make_file("/tmp/more/plain", 0, 0755);
	make_file("/tmp/here", 0, 0755);
	MUST(chdir("/tmp") == 0);
	MUST(setenv("PATH", "/nowhere:/tmp/bin:/tmp/more:", 1) == 0);
}

static void first_lines(void)
{
	static const struct {
		const char *line, *interpreter;
	} rows[] = {
		{ "#!/bin/sh", "/bin/sh" },
		{ "#! \t/bin/sh \t", "/bin/sh" },
		{ "#!/bin/sh -e x", "/bin/sh" },
		/* The kernel takes it for a part of the name. */
		{ "#!/bin/sh\r", "/bin/sh\r" },
		{ "#!", NULL },
		{ "#", NULL },
		{ "#!  ", NULL },
		{ "#/bin/sh", NULL },
		{ "!#/bin/sh", NULL },
		/* A command that env looks for. */
		{ "#!/usr/bin/env python3", "/tmp/bin/python3" },
		{ "#!/usr/bin/env  python3 ", "/tmp/bin/python3" },
		{ "#!env sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env plain", "/tmp/more/plain" },
		{ "#!/usr/bin/env here", "./here" },
		{ "#!/usr/bin/env nowhere", "nowhere" },
		{ "#!/usr/bin/env /bin/sh", "/bin/sh" },
		{ "#!/usr/bin/env", "/usr/bin/env" },
		/* One word, whatever is in it. */
		{ "#!/usr/bin/env a b", "/tmp/bin/a b" },
		{ "#!/usr/bin/env A=1", "/usr/bin/env" },
		/* Options. */
		{ "#!/usr/bin/env -S python3 -u", "/tmp/bin/python3" },
		{ "#!/usr/bin/env -Spython3", "/tmp/bin/python3" },
		{ "#!/usr/bin/env -iS A=1 B=2 python3", "/tmp/bin/python3" },
		{ "#!/usr/bin/env -vS -u X sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S -uX sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S -C /tmp sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S -a name sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S -i - sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S --unset X sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S --unset=X sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S --chdir /tmp sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S --argv0 x sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env --split-string=sh -e", "/tmp/more/sh" },
		{ "#!/usr/bin/env --split-string= sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S", "/usr/bin/env" },
		{ "#!/usr/bin/env -i", "/usr/bin/env" },
		{ "#!/usr/bin/env -S -u", "/usr/bin/env" },
		{ "#!/usr/bin/env -S A=1", "/usr/bin/env" },
		/* Quotes and backslashes, as env -S has them. */
		{ "#!/usr/bin/env -S 'a b' c", "/tmp/bin/a b" },
		{ "#!/usr/bin/env -S \"a b\" c", "/tmp/bin/a b" },
		{ "#!/usr/bin/env -S \"a\\_b\"", "/tmp/bin/a b" },
		{ "#!/usr/bin/env -S s\\_h", "s" },
		{ "#!/usr/bin/env -S \\_sh", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S s\\h", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S s''h", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S '/x\\'y' z", "/x'y" },
		{ "#!/usr/bin/env -S '/x\\\\y'", "/x\\y" },
		{ "#!/usr/bin/env -S '/x\\y'", "/x\\y" },
		{ "#!/usr/bin/env -S \"/x\\ty\"", "/x\ty" },
		{ "#!/usr/bin/env -S /x'\"'y\"'\"", "/x\"y'" },
		{ "#!/usr/bin/env -S sh\\c more", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S sh\\", "/tmp/more/sh" },
		{ "#!/usr/bin/env -S '/x\\", "/x\\" },
		{ "#!/usr/bin/env -S # sh", "/usr/bin/env" },
		{ "#!/usr/bin/env -S /x#y", "/x#y" },
		/* More words than are looked at. */
		{ "#!/usr/bin/env -S a=1 b=1 c=1 d=1 e=1 f=1 g=1 h=1 i=1 j=1 k=1 l=1 m=1 "
		  "n=1 o=1 p=1 q=1 sh",
		  "/usr/bin/env" },
	};
	char line[LINE + 16];
	struct subject subject;

	make_programs();
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		/* As the whole text, and with a line behind. */
		for (int more = 0; more < 2; more++) {
			snprintf(line, sizeof line, "%s%s", rows[i].line,
				 more ? "\n/bin/x" : "");
			IS(read_text(&subject, "x.sh", line), SUBJECT_READ);
			TEXT_IS(rows[i].line, subject.interpreter, rows[i].interpreter);
			forget(&subject);
		}
	}
	/* A line as long as may be, and one that is longer. */
	memset(line, 'x', sizeof line);
	memcpy(line, "#!/", 3);
	for (int longer = 0; longer < 2; longer++) {
		line[LINE - 1 + longer] = '\0';
		IS(read_text(&subject, "x.sh", line), SUBJECT_READ);
		IS(subject.interpreter != NULL, !longer);
		forget(&subject);
		line[LINE - 1 + longer] = 'x';
	}
	/* Without PATH there are the system's directories. */
	MUST(unsetenv("PATH") == 0);
	IS(read_text(&subject, "x", "#!/usr/bin/env python3-of-nobody"), SUBJECT_READ);
	TEXT_IS("without PATH", subject.interpreter, "python3-of-nobody");
	forget(&subject);
}

static void interpreters_looked_at(void)
{
	char line[32];
	struct subject subject;
	int before;

	IS(read_text(&subject, "x", "#!/missing"), SUBJECT_READ);
	IS(subject.reach, REACH_NONE);
	IS(subject.door, DOOR_NONE);
	IS(subject.reasons.n, 1);
	forget(&subject);
	/* Each once, for the same reasons. */
	looked_at.reach = REACH_ALL;
	looked_at.door = DOOR_PRELOAD;
	looked_at.reasons =
		(struct texts){ (char *[]){ (char *)"one", (char *)"two" }, 2 };
	before = looks;
	for (int i = 0; i < 3; i++) {
		IS(read_text(&subject, "x", "#!/once"), SUBJECT_READ);
		IS(subject.interpreted_by == &looked_at, true);
		IS(subject.reasons.n, 2);
		forget(&subject);
	}
	IS(looks, before + 1);
	looked_at.reasons.n = 0;
	/* Nobody says that what was not looked at is covered. */
	for (int i = 0; i < INTERPRETERS + 1; i++) {
		snprintf(line, sizeof line, "#!/of/%d", i);
		IS(read_text(&subject, "x", line), SUBJECT_READ);
		forget(&subject);
	}
	IS(read_text(&subject, "x", "#!/one/more"), SUBJECT_READ);
	IS(subject.interpreted_by == NULL, true);
	IS(subject.reach, REACH_NONE);
	forget(&subject);
	/* A text by its name alone has none that could be missing. */
	IS(read_text(&subject, "x.sh", "true"), SUBJECT_READ);
	IS(subject.reach, REACH_ALL);
	IS(subject.reasons.n, 0);
	forget(&subject);
}

static void languages_known(void)
{
	static const struct {
		const char *path, *text;
		int language; /* -1: no script */
	} rows[] = {
		{ "x", "#!/bin/bash", LANGUAGE_SHELL },
		{ "x", "#!/bin/python3.11", LANGUAGE_PYTHON },
		{ "x", "#!/bin/perl5-thread", LANGUAGE_PERL },
		{ "x", "#!/bin/shx", LANGUAGE_OTHER },
		{ "x", "#!/bin/s", LANGUAGE_OTHER },
		{ "x.py", "#!/bin/awk", LANGUAGE_OTHER },
		{ "x.py", "x", LANGUAGE_PYTHON },
		{ "x.rb", "x", LANGUAGE_RUBY },
		{ "d.py/x", "x", -1 },
		{ "x.txt", "x", -1 },
		{ "x", "x", -1 },
		{ "x", "", -1 },
	};
	struct subject subject;

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		IS(read_text(&subject, rows[i].path, rows[i].text),
		   rows[i].language < 0 ? SUBJECT_NONE : SUBJECT_READ);
		IS(language_of(subject.interpreter, rows[i].path),
		   rows[i].language < 0 ? LANGUAGE_OTHER : rows[i].language);
		forget(&subject);
	}
}

/* -- Lines -- */

static void lines(void)
{
	static const struct {
		enum language language;
		const char *text, *code;
	} rows[] = {
		/* Comments begin behind a blank, outside of quotes. */
		{ LANGUAGE_SHELL, "a # b\n# c\n \t#d\ne", "a |e|" },
		{ LANGUAGE_SHELL, "a#b\n$# x\n", "a#b|$# x|" },
		{ LANGUAGE_SHELL, "a '# b' # c\n", "a '# b' |" },
		{ LANGUAGE_SHELL, "a \"' # b\" # c\n", "a \"' # b\" |" },
		{ LANGUAGE_SHELL, "a \\\" # b\n", "a \\\" |" },
		{ LANGUAGE_SHELL, "a \\", "a \\|" },
		{ LANGUAGE_SHELL, "a // b\n", "a // b|" },
		{ LANGUAGE_PHP, "a // b\nc //\n", "a |c |" },
		{ LANGUAGE_PHP, "a / b\nhttp://c\n", "a / b|http://c|" },
		/* Text between the code. */
		{ LANGUAGE_PERL, "a\n=pod\nb\n=cut\nc\n", "a|c|" },
		{ LANGUAGE_PERL, "= b\n$x\n=1\n", "= b|$x|=1|" },
		{ LANGUAGE_PERL, "a\n__END__\nb\n", "a|" },
		{ LANGUAGE_SHELL, "a\n__END__\nb\n", "a|__END__|b|" },
		{ LANGUAGE_SHELL, "=pod\na\n", "=pod|a|" },
		{ LANGUAGE_RUBY, "a\n=begin\nb\n=end\nc\n", "a|c|" },
		{ LANGUAGE_RUBY, "=pod\na\n", "=pod|a|" },
		{ LANGUAGE_PYTHON, "a\n\"\"\"b\nc\n\"\"\"\nd\n", "a|d|" },
		{ LANGUAGE_PYTHON, "a\n  '''b\n\"\"\"\nc'''\nd\n", "a|d|" },
		{ LANGUAGE_PYTHON, "\"\"\"b\"\"\"\nd\n", "d|" },
		{ LANGUAGE_PYTHON, "x = \"\"\"b\nc\n", "x = \"\"\"b|c|" },
		{ LANGUAGE_SHELL, "'''\na\n", "'''|a|" },
		/* A shell that was told not to write over what is there. */
		{ LANGUAGE_SHELL, "a\nset -C\nb\n", "a|set -C!|b!|" },
		{ LANGUAGE_SHELL, "set -euC\nb\n", "set -euC!|b!|" },
		{ LANGUAGE_SHELL, "set -o noclobber\nb\n", "set -o noclobber!|b!|" },
		{ LANGUAGE_SHELL, "set -e C\nset -o posix\n", "set -e C|set -o posix|" },
		{ LANGUAGE_SHELL, "set -", "set -|" },
		{ LANGUAGE_PERL, "set -C\n", "set -C|" },
		{ LANGUAGE_SHELL, "a\n\nb", "a||b|" },
		{ LANGUAGE_SHELL, "", "" },
	};
	struct subject subject = { .path = NULL };

	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		*code = '\0';
		script_read_lines(&subject, rows[i].language, rows[i].text,
				  strlen(rows[i].text));
		TEXT_IS(rows[i].text, code, rows[i].code);
	}
}

int main(int argc, char **argv)
{
	static const struct direct_test tests[] = {
		{ "first_lines", first_lines },
		{ "interpreters", interpreters_looked_at },
		{ "languages", languages_known },
		{ "lines", lines },
		{ NULL, NULL },
	};

	return direct_main(tests, argc, argv);
}
