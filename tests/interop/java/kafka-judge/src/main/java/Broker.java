import java.io.PrintStream;
import java.io.PrintWriter;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.tools.StorageTool;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.utils.Time;

/** A real single-node broker that writes topics of every kind, then stops cleanly. */
final class Broker {
    private static final List<String> CODECS = List.of("none", "gzip", "snappy", "lz4", "zstd");
    private static final String COMPACTED = "compacted";
    private static final String TRANSACTIONS = "transactions";
    private static final int COMPACTED_RECORDS = 3_000;
    private static final int KEYS = 40;

    private final String bootstrap;

    private Broker(String bootstrap) {
        this.bootstrap = bootstrap;
    }

    static void write(String dir, String to) throws Exception {
        int port = freePort();
        var config = config(dir, port, freePort());
        Path properties = Files.createTempFile("broker", ".properties");
        try (var out = Files.newOutputStream(properties)) {
            config.store(out, null);
        }
        format(properties);
        var server = new KafkaRaftServer(KafkaConfig.fromProps(config), Time.SYSTEM);
        server.startup();
        try {
            new Broker("localhost:" + port).fill(Path.of(dir), Path.of(to));
        } finally {
            server.shutdown();
            server.awaitShutdown();
            Files.delete(properties);
        }
    }

    private static int freePort() throws Exception {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static Properties config(String dir, int port, int controllerPort) {
        var config = new Properties();
        config.put("process.roles", "broker,controller");
        config.put("node.id", "1");
        config.put("controller.quorum.bootstrap.servers", "localhost:" + controllerPort);
        config.put("controller.listener.names", "CONTROLLER");
        config.put("listeners",
            "PLAINTEXT://localhost:" + port + ",CONTROLLER://localhost:" + controllerPort);
        config.put("log.dirs", dir);
        config.put("offsets.topic.replication.factor", "1");
        config.put("transaction.state.log.replication.factor", "1");
        config.put("transaction.state.log.min.isr", "1");
        config.put("transaction.state.log.num.partitions", "1");
        config.put("log.cleaner.backoff.ms", "100");
        config.put("log.cleaner.dedupe.buffer.size", "4194304");
        return config;
    }

    private static void format(Path properties) {
        String[] arguments = {"format", "--standalone", "-t", "mJ5zZ2FtZXMtb2YtbG9ncw",
            "-c", properties.toString()};
        int code = StorageTool.execute(arguments, new PrintStream(System.err));
        if (code != 0) {
            throw new IllegalStateException("the storage is not formatted");
        }
    }

    private void fill(Path dir, Path to) throws Exception {
        var topics = new ArrayList<>(CODECS);
        topics.add(COMPACTED);
        topics.add(TRANSACTIONS);
        createTopics();
        for (String codec : CODECS) {
            produce(codec, codec);
        }
        produceCompacted();
        produceTransactions();
        awaitCompaction(dir);
        try (var out = new PrintWriter(Files.newBufferedWriter(to))) {
            for (String topic : topics) {
                consume(topic, out);
            }
        }
    }

    private void createTopics() throws Exception {
        var topics = new ArrayList<NewTopic>();
        for (String codec : CODECS) {
            topics.add(new NewTopic(codec, 1, (short) 1));
        }
        topics.add(new NewTopic(TRANSACTIONS, 1, (short) 1));
        topics.add(new NewTopic(COMPACTED, 1, (short) 1).configs(Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "min.cleanable.dirty.ratio", "0.01")));
        try (var admin = Admin.create(Map.of("bootstrap.servers", (Object) bootstrap))) {
            admin.createTopics(topics).all().get();
        }
    }

    private KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        var config = new java.util.HashMap<String, Object>(more);
        config.put("bootstrap.servers", bootstrap);
        config.put("linger.ms", "5");
        return new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private void produce(String topic, String codec) {
        try (var producer = producer(Map.of("compression.type", codec))) {
            for (int at = 0; at < 200; at++) {
                byte[] key = at % 7 == 0 ? null : ("key-" + at).getBytes();
                byte[] value = at % 11 == 0 ? null : ("value ".repeat(at % 50) + at).getBytes();
                var record = new ProducerRecord<>(topic, 0, 1_700_000_000_000L + at, key, value);
                if (at % 5 == 0) {
                    record.headers().add(new RecordHeader("name", ("" + at).getBytes()));
                    record.headers().add(new RecordHeader("null", (byte[]) null));
                }
                producer.send(record);
                if (at % 40 == 39) {
                    producer.flush();
                }
            }
        }
    }

    private void produceCompacted() {
        try (var producer = producer(Map.of("compression.type", "lz4", "batch.size", "4096"))) {
            var random = new java.util.Random(1);
            for (int at = 0; at < COMPACTED_RECORDS; at++) {
                byte[] value = new byte[1_000];
                random.nextBytes(value);
                byte[] key = ("key-" + at % KEYS).getBytes();
                producer.send(new ProducerRecord<>(COMPACTED, 0, null, key,
                    at % 37 == 0 ? null : value));
            }
        }
    }

    private void produceTransactions() {
        var config = Map.<String, Object>of("transactional.id", "judge");
        try (var producer = producer(config)) {
            producer.initTransactions();
            for (int round = 0; round < 4; round++) {
                producer.beginTransaction();
                byte[] value = ("round " + round).getBytes();
                producer.send(new ProducerRecord<>(TRANSACTIONS, 0, null, value, value));
                if (round % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.flush();
                    producer.abortTransaction();
                }
            }
        }
    }

    /** Waits until the cleaner has been through all of the topic but its active segment. */
    private static void awaitCompaction(Path dir) throws Exception {
        Path checkpoint = dir.resolve("cleaner-offset-checkpoint");
        String active;
        try (var files = Files.list(dir.resolve(COMPACTED + "-0"))) {
            active = files.map(file -> file.getFileName().toString())
                .filter(name -> name.endsWith(".log")).max(String::compareTo).orElseThrow();
        }
        String done = COMPACTED + " 0 " + Long.parseLong(active.replace(".log", ""));
        for (int tries = 0; tries < 600; tries++) {
            if (Files.exists(checkpoint) && Files.readString(checkpoint).contains(done)) {
                return;
            }
            Thread.sleep(100);
        }
        throw new IllegalStateException("the broker does not compact");
    }

    private void consume(String topic, PrintWriter out) {
        var partition = new TopicPartition(topic, 0);
        var config = Map.<String, Object>of("bootstrap.servers", bootstrap);
        try (var consumer = new KafkaConsumer<>(config, new ByteArrayDeserializer(),
                new ByteArrayDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            while (consumer.position(partition) < end) {
                for (var record : consumer.poll(Duration.ofSeconds(1))) {
                    out.println(line(record));
                }
            }
            out.println(topic + " end " + end);
        }
    }

    private static String line(ConsumerRecord<byte[], byte[]> record) {
        var line = new StringBuilder(record.topic());
        line.append(' ').append(record.offset()).append(' ').append(record.timestamp());
        line.append(' ').append(hex(record.key())).append(' ').append(hex(record.value()));
        record.headers().forEach(header ->
            line.append(' ').append(header.key()).append('=').append(hex(header.value())));
        return line.toString();
    }

    private static String hex(byte[] bytes) {
        return bytes == null ? "-" : "x" + HexFormat.of().formatHex(bytes);
    }
}
