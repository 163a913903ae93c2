# SPDX-License-Identifier: LGPL-2.1-or-later
# shellcheck shell=bash
# Java: temporary files, sockets in the file system, and /tmp/hsperfdata_<user>, where jps finds
# the virtual machines that run.
set -eu
cat > Forms.java << 'END'
import java.io.File;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.*;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.stream.Collectors;

public class Forms {
	static void show(Object what) {
		System.out.println(what.toString().replaceAll("(pre|dir)[0-9]+", "$1RANDOM"));
	}

	public static void main(String[] args) throws Exception {
		show(System.getProperty("java.io.tmpdir"));
		File old = File.createTempFile("pre", ".txt");
		old.deleteOnExit();
		show(old + " " + old.exists() + " " + old.getCanonicalPath());
		Path file = Files.createTempFile("pre", null);
		show(file + " " + PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
		Files.writeString(file, "content");
		Path dir = Files.createTempDirectory(Path.of("/var/tmp"), "dir");
		Files.move(file, dir.resolve("moved"), StandardCopyOption.REPLACE_EXISTING);
		Path link = Files.createSymbolicLink(dir.resolve("link"), dir.resolve("moved"));
		show(Files.readSymbolicLink(link) + " " + link.toRealPath() + " " + Files.readString(link));
		Files.copy(dir.resolve("moved"), Path.of("/tmp/copied"));
		try (var walk = Files.walk(dir)) {
			show(walk.sorted().map(p -> dir.relativize(p).toString()).collect(Collectors.joining(" ")));
		}
		try (FileChannel c = FileChannel.open(Path.of("/tmp/mapped"), StandardOpenOption.CREATE_NEW,
				StandardOpenOption.READ, StandardOpenOption.WRITE)) {
			c.map(FileChannel.MapMode.READ_WRITE, 0, 16).put(0, (byte) 65);
			show(c.size() + " " + Files.readAllBytes(Path.of("/tmp/mapped"))[0] + " " + c.tryLock().isValid());
		}
		try {
			Files.createFile(Path.of("/tmp/mapped"));
		} catch (FileAlreadyExistsException e) {
			show("exists " + e.getFile());
		}
		var address = UnixDomainSocketAddress.of("/tmp/java.sock");
		try (var server = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
			server.bind(address);
			try (var client = SocketChannel.open(address); var peer = server.accept()) {
				peer.write(ByteBuffer.wrap("hello".getBytes()));
				var buffer = ByteBuffer.allocate(5);
				client.read(buffer);
				show(new String(buffer.array()) + " " + client.getRemoteAddress() + " " + server.getLocalAddress());
			}
		}
		Process p = new ProcessBuilder("sh", "-c", "pwd; ls; cat copied").directory(new File("/tmp")).start();
		show(new String(p.getInputStream().readAllBytes()).replaceAll("hsperfdata_\\w+", "hsperfdata"));
		show(new File("/tmp/hsperfdata_" + System.getProperty("user.name")).list().length > 0);
		for (String name : new String[] {"/tmp/copied", "/tmp/mapped", "/tmp/java.sock", link.toString(), dir + "/moved", dir.toString()})
			Files.delete(Path.of(name));
	}
}
END
mkdir /tmp/classes
javac -d /tmp/classes Forms.java
java -XX:TieredStopAtLevel=1 -cp /tmp/classes Forms
find /tmp -maxdepth 1 | sed 's/hsperfdata_.*/hsperfdata/' | sort
rm -r /tmp/classes
