<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="en_US">
<context>
    <name>MemoryWords</name>
    <message numerus="yes">
        <source>%1 – %n step(s) are kept</source>
        <translation>
            <numerusform>%1 – %n step is kept</numerusform>
            <numerusform>%1 – all %n steps are kept</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::AdvancedCard</name>
    <message numerus="yes">
        <source>%n changed</source>
        <translation>
            <numerusform>%n changed</numerusform>
            <numerusform>%n changed</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::ChangesLine</name>
    <message numerus="yes">
        <source>%n change(s) were made to fit memory</source>
        <translation>
            <numerusform>%n change was made to fit memory</numerusform>
            <numerusform>%n changes were made to fit memory</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::GalleryStrip</name>
    <message numerus="yes">
        <source>%n in this run</source>
        <translation>
            <numerusform>%n in this run</numerusform>
            <numerusform>%n in this run</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::GenerateCard</name>
    <message numerus="yes">
        <source>%n picture(s)</source>
        <translation>
            <numerusform>%n picture</numerusform>
            <numerusform>%n pictures</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::LoraPanel</name>
    <message numerus="yes">
        <source>%n on</source>
        <translation>
            <numerusform>%n on</numerusform>
            <numerusform>%n on</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::MainWindow</name>
    <message numerus="yes">
        <source>Pictures are being made, and %n wait in line. Closing interrupts them; the next start offers to go on.</source>
        <translation>
            <numerusform>Pictures are being made, and %n waits in line. Closing interrupts them; the next start offers to go on.</numerusform>
            <numerusform>Pictures are being made, and %n wait in line. Closing interrupts them; the next start offers to go on.</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::ProgressCard</name>
    <message numerus="yes">
        <source>%n picture(s) in %1</source>
        <translation>
            <numerusform>%n picture in %1</numerusform>
            <numerusform>%n pictures in %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n waiting</source>
        <translation>
            <numerusform>%n waiting</numerusform>
            <numerusform>%n waiting</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n picture(s), the rest in %1</source>
        <translation>
            <numerusform>%n picture, the rest of it in %1</numerusform>
            <numerusform>%n pictures, the rest in %1</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::PromptNotes</name>
    <message numerus="yes">
        <source>and %n more</source>
        <translation>
            <numerusform>and %n more</numerusform>
            <numerusform>and %n more</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::StatusLine</name>
    <message numerus="yes">
        <source>%1 · %n thread(s)</source>
        <translation>
            <numerusform>%1 · %n thread</numerusform>
            <numerusform>%1 · %n threads</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n model(s)</source>
        <translation>
            <numerusform>%n model</numerusform>
            <numerusform>%n models</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>%n LoRA(s)</source>
        <translation>
            <numerusform>%n LoRA</numerusform>
            <numerusform>%n LoRAs</numerusform>
        </translation>
    </message>
</context>
<context>
    <name>studio::ui::UnfinishedCard</name>
    <message numerus="yes">
        <source>The studio ended %n times in the middle of this picture, so it was set aside: %1</source>
        <translation>
            <numerusform>The studio ended once in the middle of this picture, so it was set aside: %1</numerusform>
            <numerusform>The studio ended %n times in the middle of this picture, so it was set aside: %1</numerusform>
        </translation>
    </message>
    <message numerus="yes">
        <source>This picture was not finished: %1, and %n more in line</source>
        <translation>
            <numerusform>This picture was not finished: %1, and %n more in line</numerusform>
            <numerusform>This picture was not finished: %1, and %n more in line</numerusform>
        </translation>
    </message>
</context>
</TS>
