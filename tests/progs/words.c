/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * words: makes three files and a directory in /tmp, expands words there by wordexp(3), and
 * prints what came of each: "NUMBER <WORDS>: RESULT <WORD>...". First come those that are
 * written here, then COUNT that are drawn from quotes, patterns and substitutions.
 *
 *     words SEED COUNT
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <sys/wait.h>
#include <wordexp.h>

static const char *const written[] = {
	"/tmp/*",
	"/tmp/w?",
	"/tmp/[wx]1",
	"/tmp/w1 /tmp/none*",
	"'/tmp/'*",
	"\"/tmp/\"w*",
	"'/tmp/*'",
	"\"/tmp/*\"",
	"\\/tmp/\\*",
	"/tmp/w\\*",
	"$DIR/*",
	"${DIR}/*",
	"\"$DIR\"/w*",
	"'$DIR'/*",
	"${NONE:-/tmp/*}",
	"\"${NONE:-/tmp/*}\"",
	"${DIR#/*}/w*",
	"$((2*3))/tmp/*",
	"/tmp/w$((1*1))",
	"$#$*$?/tmp/*",
	"a\"b'c\"/tmp/*'d'",
	"~/*",
	"/tmp/w*:/tmp/*",
	"$*",
	"'unclosed /tmp/*",
	"\"unclosed /tmp/*",
	"${unclosed/tmp/*",
	"`unclosed /tmp/*",
	"/tmp/*\\",
	"[",
	"/tmp/[",
	"/tmp/*'",
	"/tmp/*\"a b\"",
	"/tmp/*\"$DIR\"",
	"/tmp/*'$DIR'",
	"/tmp/*$((1))",
	"\"\\\"/tmp/*\"/tmp/*",
	"$'/tmp/*'",
	"\"`\"/tmp/*",
	"${DIR/'}'/*}",
	"$[1*2]/tmp/*",
	"/tmp/w*\\ x",
	"*",
	"",
	" ",
	"\"\"/tmp/*",
	"/tmp/*;",
	"/tmp/*|x",
	"(/tmp/*)",
	"/tmp/*/",
	"/tmp/d*//",
	"/tmp/?\"/\"",
	"/tmp/w*/",
	"/tmp/*$TWO",
	"/tmp/*$TWO/ x",
	"*$LIST",
	"$LIST*",
	"?$LIST?",
	"*$LIST/*",
	"x[\"$LIST\"",
	"*${NONE:-a /tmp/*}",
	"*`/tmp/*`",
	"*\"$LIST\"*",
	"\001/tmp/*",
	"/tmp/*\002",
	"*$LIST\\",
};

static unsigned long state;

static unsigned drawn(unsigned below)
{
	state = state * 6364136223846793005UL + 1442695040888963407UL;
	return (unsigned)((state >> 33) % below);
}

static void draw(char *to)
{
	static const char *const parts[] = {
		"/tmp/",    "w",	  "x",
		"d/",	    "1",	  "*",
		"?",	    "[",	  "]",
		"w*",	    "'",	  "\"",
		"\\",	    "`",	  "{",
		"}",	    "~",	  " ",
		"\t",	    "$DIR",	  "${DIR}",
		"$TWO",	    "\"$TWO\"",	  "$LIST",
		"$((1*2))", "${NONE:-x}", "${NONE:-/tmp/*}",
		"$?",	    "$-",
	};

	*to = '\0';
	for (unsigned n = 1 + drawn(9); n; n--)
		to = stpcpy(to, parts[drawn(sizeof parts / sizeof *parts)]);
}

/* In a child: libc itself crashes at some. */
static void expand(unsigned long number, const char *words)
{
	wordexp_t found = { .we_offs = 2 };
	int status;

	fflush(stdout);
	if (fork()) {
		wait(&status);
		if (status)
			printf("%lu <%s>: status %x\n", number, words, (unsigned)status);
		return;
	}
	const int flags = WRDE_NOCMD | (number % 3 ? 0 : WRDE_DOOFFS) |
			  (number % 5 ? 0 : WRDE_UNDEF);
	const int ret = wordexp(words, &found, flags);

	printf("%lu <%s>: %d", number, words, ret);
	for (size_t i = 0; !ret && i < found.we_wordc; i++)
		printf(" <%s>", found.we_wordv[i + (flags & WRDE_DOOFFS ? 2 : 0)]);
	putchar('\n');
	if (!ret)
		wordfree(&found);
	fflush(stdout);
	_exit(0);
}

int main(int argc, char **argv)
{
	static const char *const files[] = { "/tmp/w1", "/tmp/w 2", "/tmp/x1" };
	const size_t n = sizeof written / sizeof *written;
	char words[256];

	if (argc != 3)
		return 2;
	state = strtoul(argv[1], NULL, 10);
	mkdir("/tmp/d", 0700);
	for (int i = 0; i < 3; i++)
		close(open(files[i], O_CREAT | O_WRONLY, 0600));
	setenv("DIR", "/tmp", 1);
	setenv("TWO", "w1 x ", 1);
	setenv("LIST", "a /tmp/* /tmp/w?", 1);
	setenv("HOME", "/tmp", 1);
	for (size_t i = 0; i < n; i++)
		expand(i, written[i]);
	for (unsigned long i = 0; i < strtoul(argv[2], NULL, 10); i++) {
		draw(words);
		expand(n + i, words);
	}
	return 0;
}
